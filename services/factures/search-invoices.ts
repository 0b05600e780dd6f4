import type { Db } from '@crm/db';
import { amountInText, distinct, findByText, type SearchCondition } from '@crm/domain';
import type { Entity } from '@crm/kit';
import type { CreditNote, SearchInvoicesRequest, SearchInvoicesResponse } from '@crm/proto/factures/factures';
import type { AmountsReceived } from './amounts-received.ts';
import { toInvoice } from './to-invoice.ts';

const DEFAULT_SIZE = 50;

/** Invoices and credit notes by a part of their number, or by their amount. */
export const searchInvoices =
  (db: Db, received: AmountsReceived, creditNote: Pick<Entity<CreditNote>, 'toMessage'>) =>
  async ({ texte, organisationId, pageSize }: SearchInvoicesRequest): Promise<SearchInvoicesResponse> => {
    const take = pageSize || DEFAULT_SIZE;
    const montant = amountInText(texte);
    const of = (condition: SearchCondition | { montant: bigint }) => ({
      where: { ...condition, ...(organisationId && { organisationId }) },
      orderBy: { id: 'desc' } as const,
      take,
    });
    const [byAmount, creditsByAmount, byText, creditsByText] = await Promise.all([
      montant ? db.facture.findMany(of({ montant })) : [],
      montant ? db.avoir.findMany(of({ montant })) : [],
      findByText(db, texte, take, (condition) => db.facture.findMany(of(condition))),
      findByText(db, texte, take, (condition) => db.avoir.findMany(of(condition))),
    ]);
    const rows = distinct([...byAmount, ...byText], take);
    const amount = await received(rows.map(({ id }) => id));
    return {
      invoices: rows.map((row) => toInvoice(row, amount(row.id))),
      creditNotes: distinct([...creditsByAmount, ...creditsByText], take).map(creditNote.toMessage),
    };
  };
