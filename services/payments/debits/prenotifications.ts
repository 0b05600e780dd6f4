import { sql, type Db } from '@crm/db';
import { type Societes, todayInParis } from '@crm/domain';
import { notFound, page, type Methods } from '@crm/kit';
import {
  Prenotification,
  StatutMandat,
  StatutPaiement,
  type PaymentServiceService,
} from '@crm/proto/payments/payments';
import {
  checkComplete,
  creditorsOf,
  type Creditor,
  type CreditorDeps,
} from '../creditors/presented-creditors.ts';
import { organisationsWithSociete } from '../creditors/organisations-with-societe.ts';
import { lockPayment } from '../lock-payment.ts';
import { terminatedContracts, type Contrats } from './terminated-contracts.ts';
import { toPayment } from '../to-payment.ts';
import { validUntil, type Used } from '../mandates/valid-until.ts';

type Prenotifications = Pick<
  Methods<typeof PaymentServiceService>,
  'listPrenotifications' | 'getPrenotification' | 'marquerPrenotifie'
>;
type Row = Omit<Prenotification, 'creancierNom' | 'creancierIcs' | '$type'> &
  Used & { id: string; contratId: string };

/**
 * Lists the debits to tell clients about: 14 days ahead or as the mandate agrees (EPC016-06, 4.4), once for
 * each date. A moved payment is listed again; one that was planned too late is listed at once. Retries are
 * told by their own workflow, which reads here what to say about a debit by another mandate.
 */
export function prenotifications(
  db: Db,
  deps: CreditorDeps,
  contrats: Contrats,
  societes: Societes,
): Prenotifications {
  const creditors = async (organisationIds: string[]) =>
    await creditorsOf(
      db,
      organisationIds,
      deps,
      await organisationsWithSociete(db, societes, organisationIds),
    );
  return {
    async listPrenotifications(request) {
      const today = todayInParis();
      const { rows, nextPageToken } = await page(
        request,
        (last, take) => db.$queryRaw<Row[]>`
          SELECT p.id, p.id AS "paymentId", p.organisation_id AS "organisationId", p.client_id AS "clientId",
            p.invoice_id AS "invoiceId", p.contrat_id AS "contratId", p.montant, p.depassement, p.date_prevue AS "datePrevue", m.rum,
            m.iban_masque AS "ibanMasque", m.date_signature AS "dateSignature",
            m.derniere_presentation AS "dernierePresentation"
          FROM payments.payments p JOIN payments.mandates m ON m.id = p.mandat_id
          WHERE p.statut = ${StatutPaiement.PLANIFIE} AND p.tentative = 1 AND m.statut = ${StatutMandat.ACTIF}
            AND p.date_prevue >= ${today} AND p.date_prevue::date - m.prenotification_jours <= ${today}::date
            AND p.prenotifie_pour <> p.date_prevue
            ${last === undefined ? sql`` : sql`AND p.id > ${last}`}
          ORDER BY p.id LIMIT ${take}`,
      );
      const organisationIds = [...new Set(rows.map(({ organisationId }) => organisationId))];
      const { byOrganisation } = await creditors(organisationIds);
      const resilies = await terminatedContracts(
        contrats,
        rows.map(({ contratId }) => contratId),
      );
      return {
        // nothing will be debited without a creditor, for a terminated contract, or by a lapsed mandate
        prenotifications: rows.flatMap(({ contratId, ...row }) => {
          const creditor = byOrganisation.get(row.organisationId);
          if (!creditor || resilies.has(contratId) || row.datePrevue > validUntil(row)) return [];
          return [Prenotification.fromPartial({ ...row, ...collectedBy(creditor) })];
        }),
        nextPageToken,
      };
    },
    async getPrenotification({ id, mandatId }) {
      const payment = await db.payment.findUnique({ where: { id } });
      if (!payment) throw notFound('payment', id);
      const mandat = await db.mandate.findUnique({ where: { id: mandatId || payment.mandatId } });
      if (!mandat) throw notFound('mandat', mandatId || payment.mandatId);
      const { organisationId, clientId, invoiceId, montant, depassement, datePrevue } = payment;
      const found = await creditors([organisationId]);
      checkComplete(found, [organisationId]);
      return Prenotification.fromPartial({
        ...{ paymentId: id, organisationId, clientId, invoiceId, montant, depassement, datePrevue },
        ...{ rum: mandat.rum, ibanMasque: mandat.ibanMasque },
        ...collectedBy(found.byOrganisation.get(organisationId)!),
      });
    },
    marquerPrenotifie({ id, datePrevue, prenotifieAt = new Date() }, call) {
      return call.once(
        async (tx) => {
          const row = await lockPayment(tx, id);
          // The client was told of this date before: a later instant would be wrong.
          const isTold = row.prenotifiePour === datePrevue;
          if (isTold && (!row.prenotifieAt || row.prenotifieAt <= prenotifieAt)) return toPayment(row);
          const data = { prenotifiePour: datePrevue, prenotifieAt };
          return toPayment(await tx.payment.update({ where: { id }, data }));
        },
        { idOf: (payment) => payment.id, read: async (tx, paid) => toPayment(await lockPayment(tx, paid)) },
      );
    },
  };
}

const collectedBy = ({ name: creancierNom, id: creancierIcs }: Creditor) => ({ creancierNom, creancierIcs });
