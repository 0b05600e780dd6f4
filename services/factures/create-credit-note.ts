import type { Db } from '@crm/db';
import { todayInParis } from '@crm/domain';
import { failedPrecondition, type Call, type Entity } from '@crm/kit';
import {
  StatutFacture,
  TotalTva,
  type CreateCreditNoteRequest,
  type CreditNote,
} from '@crm/proto/factures/factures';
import { v7 } from 'uuid';
import { checkParties, type Register } from './check-parties.ts';
import { splitVat } from './split-vat.ts';
import { takeNumber } from './take-number.ts';
import { askParties, partiesToColumns } from './parties.ts';
import { lockRow, readRow } from './to-invoice.ts';

/**
 * Issues a credit note, also on a paid invoice: the amount is then owed to the client. Locks the invoice's
 * row first and
 * takes the number after it; everybody does so in this order. The parties are those of today: the client may
 * have moved
 * since the invoice.
 * @param tellReminders what is left to pay has changed; does not reject, because a repeat would issue another one
 * @throws {RpcError} NOT_FOUND; FAILED_PRECONDITION AVOIR_MONTANT: more than what is not credited yet, AVOIR_TVA: an
 * imported invoice whose VAT is unknown,
 * SOCIETE: no issuer;
 *   UNAVAILABLE: clients or organisations is away
 */
export const createCreditNote =
  (
    db: Db,
    creditNote: Pick<Entity<CreditNote>, 'repeat' | 'toMessage'>,
    register: Register,
    tellReminders: (invoiceId: string) => Promise<unknown>,
  ) =>
  async ({ invoiceId, montant: asked, motif }: CreateCreditNoteRequest, call: Call): Promise<CreditNote> => {
    const invoice = await readRow(db, invoiceId);
    await checkParties(register, { organisationId: invoice.organisationId }, call);
    const parties = partiesToColumns(await askParties(register, invoice));
    const issued = await call.once(async (tx) => {
      const { organisationId, clientId, numero: invoiceNumero, ...amounts } = await lockRow(tx, invoiceId);
      const left = amounts.montant - amounts.montantAvoirs;
      const montant = asked || left;
      if (left === 0n || montant > left) {
        throw failedPrecondition(
          'AVOIR_MONTANT',
          `${left} cents of invoice ${invoiceId} are not credited yet`,
        );
      }
      const invoiced = (amounts.tva as unknown[]).map((total) => TotalTva.fromJSON(total));
      if (amounts.importeeAt && invoiced.length === 0) {
        throw failedPrecondition(
          'AVOIR_TVA',
          `invoice ${invoiceNumero} was imported without its VAT: issue the credit note in the software that issued it`,
        );
      }
      const earlier = await tx.avoir.findMany({
        where: { invoiceId },
        orderBy: { id: 'asc' },
        select: { montant: true },
      });
      const { tva, montantHt, montantTva } = splitVat(
        invoiced,
        earlier.map((note) => note.montant),
        montant,
      );
      await tx.facture.update({
        where: { id: invoiceId },
        data: {
          montantAvoirs: { increment: montant },
          ...(montant === left && { statut: StatutFacture.ANNULEE }),
        },
      });
      const dateAvoir = todayInParis();
      const numero = await takeNumber(tx, organisationId, 'A', dateAvoir);
      const told = { organisationId, numero, invoiceId, invoiceNumero, clientId, motif, dateAvoir };
      const vat = tva.map((total) => TotalTva.toJSON(total) as Record<string, string | number>);
      const data = { ...told, id: v7(), montant, montantHt, montantTva, tva: vat, ...parties };
      return creditNote.toMessage(await tx.avoir.create({ data }));
    }, creditNote.repeat);
    await tellReminders(invoiceId);
    return issued;
  };
