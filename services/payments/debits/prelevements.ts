import { sql, type Db } from '@crm/db';
import { addDays, todayInParis } from '@crm/domain';
import { page, type Methods } from '@crm/kit';
import {
  Prelevement,
  StatutMandat,
  StatutPaiement,
  type PaymentServiceService,
} from '@crm/proto/payments/payments';
import { terminatedContracts, type Contrats } from './terminated-contracts.ts';
import { toPayment } from '../to-payment.ts';
import { validUntil, type Used } from '../mandates/valid-until.ts';

/** `id` is what a page goes on after. */
type Row = Used & { id: string; paymentId: string; jours: number; rum: string };

/**
 * Lists the debits to come: what `Emit` will present on its day, also if that day has passed, and what is
 * with the bank and not collected yet. When their clients are told follows from the mandate, as in
 * `prenotifications.ts`.
 */
export const listPrelevements =
  (db: Db, contrats: Contrats): Methods<typeof PaymentServiceService>['listPrelevements'] =>
  async ({ organisationId, clientId, du, au, ouPrenotification, parDate, ...request }) => {
    const told = sql`p.date_prevue::date - m.prenotification_jours`;
    const found = await page(
      request,
      (last, take) => db.$queryRaw<Row[]>`
        SELECT ${parDate ? sql`p.date_prevue || '_' || p.id` : sql`p.id`} AS id, p.id AS "paymentId",
          m.prenotification_jours AS jours, m.rum, m.date_signature AS "dateSignature",
          m.derniere_presentation AS "dernierePresentation"
        FROM payments.payments p JOIN payments.mandates m ON m.id = p.mandat_id
        WHERE (p.statut = ${StatutPaiement.PLANIFIE} AND m.statut = ${StatutMandat.ACTIF}
            OR p.statut = ${StatutPaiement.EMIS} AND p.date_prevue >= ${todayInParis()})
          ${organisationId ? sql`AND p.organisation_id = ${organisationId}` : sql``}
          ${clientId ? sql`AND p.client_id = ${clientId}` : sql``}
          ${du ? sql`AND p.date_prevue >= ${du}` : sql``}
          ${au ? sql`AND (p.date_prevue <= ${au} OR ${ouPrenotification} AND ${told} <= ${au}::date)` : sql``}
          ${last === undefined ? sql`` : parDate ? sql`AND (p.date_prevue, p.id) > (${last.slice(0, 10)}, ${last.slice(11)})` : sql`AND p.id < ${last}`}
        ORDER BY ${parDate ? sql`p.date_prevue, p.id` : sql`p.id DESC`} LIMIT ${take}`,
    );
    const rows = await db.payment.findMany({
      where: { id: { in: found.rows.map(({ paymentId }) => paymentId) } },
    });
    const payments = new Map(rows.map((row) => [row.id, toPayment(row)]));
    const resilies = await terminatedContracts(
      contrats,
      rows.map(({ contratId }) => contratId),
    );
    return {
      prelevements: found.rows.flatMap(({ paymentId, jours, rum, ...used }) => {
        const paiement = payments.get(paymentId);
        if (!paiement) return [];
        const isOver = resilies.has(paiement.contratId) || paiement.datePrevue > validUntil(used);
        if (paiement.statut === StatutPaiement.PLANIFIE && isOver) return [];
        const { datePrevue, statut, tentative, prenotifiePour } = paiement;
        const isToBeTold =
          statut === StatutPaiement.PLANIFIE && tentative === 1 && prenotifiePour !== datePrevue;
        const prenotificationLe = isToBeTold ? addDays(datePrevue, -jours) : '';
        return [Prelevement.fromPartial({ paiement, prenotificationLe, prenotificationJours: jours, rum })];
      }),
      nextPageToken: found.nextPageToken,
    };
  };
