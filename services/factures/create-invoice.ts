import { emit, type Call } from '@crm/kit';
import {
  LigneFacture,
  StatutFacture,
  TotalTva,
  type CreateInvoiceRequest,
  type Invoice,
} from '@crm/proto/factures/factures';
import { v7 } from 'uuid';
import { checkParties, type Register } from './check-parties.ts';
import { dateInvoice } from './date-invoice.ts';
import { priceInvoice } from './price-invoice.ts';
import { takeNumber } from './take-number.ts';
import { readRow, toInvoice } from './to-invoice.ts';

type Json = Record<string, string | number>;

/**
 * Issues an invoice. Nothing can have been paid of what has just got its id: payments are not asked.
 * @throws {RpcError} INVALID_ARGUMENT: `montant`, `lignes`, `dateFacture`, `dateEcheance`; as `checkParties`
 */
export const createInvoice =
  (register: Register) =>
  async (request: CreateInvoiceRequest, call: Call): Promise<Invoice> => {
    const organisationId = request.organisationId || 'default';
    const { clientId, contratId } = request;
    const objet = request.objet.trim() || 'Prestation';
    const { lignes, tva, ...amounts } = priceInvoice({ ...request, objet });
    const dates = dateInvoice(request);
    await checkParties(register, { organisationId, clientId, contratId }, call);
    return await call.once(
      async (tx) => {
        const id = v7();
        // the number last: whoever issues in the same organisation and year waits for it from here to the commit
        await emit(tx, 'invoice.created', {
          invoiceId: id,
          organisationId,
          clientId,
          montant: amounts.montant,
          ...dates,
        });
        const numero = await takeNumber(tx, organisationId, 'F', dates.dateFacture);
        const row = await tx.facture.create({
          data: {
            ...{ id, organisationId, numero, clientId, contratId, objet },
            ...amounts,
            ...dates,
            lignes: lignes.map((ligne) => LigneFacture.toJSON(ligne) as Json),
            tva: tva.map((total) => TotalTva.toJSON(total) as Json),
            statut: StatutFacture.EMISE,
          },
        });
        return toInvoice(row, 0n);
      },
      { idOf: ({ id }) => id, read: async (tx, id) => toInvoice(await readRow(tx, id), 0n) },
    );
  };
