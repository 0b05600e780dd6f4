import { sql, type Db } from '@crm/db';
import { StatutMandat, StatutPaiement } from '@crm/proto/payments/payments';

/** What is due: by which date, and whose where not everybody's. */
export type Due = { dateCollecte: string; organisationId: string };

/** A payment that a collection would take, with what others know more of. */
export type DuePayment = { id: string; organisationId: string; contratId: string; invoiceId: string };

/** The one condition, of payments `p` and their mandates `m`, by which something is presented. */
export const isDue = ({ dateCollecte, organisationId }: Due) => sql`
  p.statut = ${StatutPaiement.PLANIFIE} AND p.date_prevue <= ${dateCollecte} AND m.statut = ${StatutMandat.ACTIF}
  AND (${organisationId} = '' OR p.organisation_id = ${organisationId})`;

/** The payments that a collection would take. */
export const duePayments = (db: Db, due: Due): Promise<DuePayment[]> => db.$queryRaw<DuePayment[]>`
  SELECT p.id, p.organisation_id AS "organisationId", p.contrat_id AS "contratId", p.invoice_id AS "invoiceId"
  FROM payments.payments p JOIN payments.mandates m ON m.id = p.mandat_id
  WHERE ${isDue(due)}`;
