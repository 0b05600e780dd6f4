import { failedPrecondition, todayInParis, type Call, type Entity } from '@crm/kit';
import { StatutFacture, type CreateCreditNoteRequest, type CreditNote } from '@crm/proto/factures/factures';
import { v7 } from 'uuid';
import { takeNumber } from './take-number.ts';
import { lockRow } from './to-invoice.ts';

/**
 * Issues a credit note, paid or not: what is credited of a paid invoice is owed to the client. The invoice's row is
 * locked first and the number taken after it, in this order by everybody.
 * @throws {RpcError} NOT_FOUND; FAILED_PRECONDITION AVOIR_MONTANT: more than what is not credited yet
 */
export const createCreditNote =
  (creditNote: Pick<Entity<CreditNote>, 'repeat' | 'toMessage'>) =>
  async ({ invoiceId, montant: asked, motif }: CreateCreditNoteRequest, call: Call): Promise<CreditNote> =>
    await call.once(async (tx) => {
      const { organisationId, clientId, ...amounts } = await lockRow(tx, invoiceId);
      const left = amounts.montant - amounts.montantAvoirs;
      const montant = asked || left;
      if (left === 0n || montant > left) {
        throw failedPrecondition(
          'AVOIR_MONTANT',
          `${left} cents of invoice ${invoiceId} are not credited yet`,
        );
      }
      await tx.facture.update({
        where: { id: invoiceId },
        data: {
          montantAvoirs: { increment: montant },
          ...(montant === left && { statut: StatutFacture.ANNULEE }),
        },
      });
      const dateAvoir = todayInParis();
      const numero = await takeNumber(tx, organisationId, 'A', dateAvoir);
      const data = { id: v7(), organisationId, numero, invoiceId, clientId, montant, motif, dateAvoir };
      return creditNote.toMessage(await tx.avoir.create({ data }));
    }, creditNote.repeat);
