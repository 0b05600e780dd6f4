import { emit, type Call, organisationOrDefault } from '@crm/kit';
import {
  AdressePostale,
  LigneFacture,
  StatutFacture,
  TotalTva,
  type CreateInvoiceRequest,
  type Invoice,
} from '@crm/proto/factures/factures';
import { v7 } from 'uuid';
import { checkParties, type Register } from './check-parties.ts';
import { dateInvoice } from './date-invoice.ts';
import { checkPeriod, describeOperation } from './describe-operation.ts';
import { askParties, partiesToColumns } from './parties.ts';
import { priceInvoice } from './price-invoice.ts';
import { takeNumber } from './take-number.ts';
import { readRow, toInvoice } from './to-invoice.ts';

type Json = Record<string, string | number>;

/**
 * Issues an invoice with its parties as they are today. Payments is not asked: nothing can have been paid of
 * a new id.
 * @throws {RpcError} INVALID_ARGUMENT: `montant`, `lignes`, `dateFacture`, `dateEcheance`, `datePrestation`,
 * `periodeDu`,
 *   `periodeAu`; as `checkParties`; UNAVAILABLE: clients or organisations is away
 */
export const createInvoice =
  (register: Register) =>
  async (request: CreateInvoiceRequest, call: Call): Promise<Invoice> => {
    const organisationId = organisationOrDefault(request.organisationId);
    const { clientId, contratId } = request;
    const objet = request.objet.trim() || 'Prestation';
    const { lignes, tva, ...amounts } = priceInvoice({ ...request, objet });
    const dates = dateInvoice(request);
    checkPeriod(request);
    await checkParties(register, { organisationId, clientId, contratId }, call);
    const parties = await askParties(register, { clientId, organisationId });
    const { adresseLivraison, ...operation } = describeOperation(request, parties);
    return await call.once(
      async (tx) => {
        const id = v7();
        // the number comes last: others of the same organisation and year wait for it from here to the commit
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
            ...operation,
            ...partiesToColumns(parties),
            ...(adresseLivraison && { adresseLivraison: AdressePostale.toJSON(adresseLivraison) as object }),
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
