import { sql, type Db, type Tx } from '@crm/db';
import { StatutPaiement } from '@crm/proto/payments/payments';
import type { PostalAddress } from '../mandates/postal-address.ts';

/** What is due: by which date, and whose where not everybody's. */
export type Due = { dateCollecte: string; organisationId: string };

/** A payment that is due, with what others know more of. */
export type DuePayment = { id: string; organisationId: string; contratId: string; invoiceId: string };

/** The one condition, of payments `p` that have a mandate, by which something is due; what keeps it from the bank is another matter. */
const isDue = ({ dateCollecte, organisationId }: Due) => sql`
  p.statut = ${StatutPaiement.PLANIFIE} AND p.date_prevue <= ${dateCollecte}
  AND (${organisationId} = '' OR p.organisation_id = ${organisationId})`;

/** The payments that are due, in order of their ids. */
export const duePayments = (db: Db, due: Due): Promise<DuePayment[]> => db.$queryRaw<DuePayment[]>`
  SELECT p.id, p.organisation_id AS "organisationId", p.contrat_id AS "contratId", p.invoice_id AS "invoiceId"
  FROM payments.payments p JOIN payments.mandates m ON m.id = p.mandat_id
  WHERE ${isDue(due)} ORDER BY p.id`;

/** A payment that is due, and the mandate by which it is to be debited. */
export type DueDebit = {
  id: string;
  organisationId: string;
  clientId: string;
  tentative: number;
  montant: bigint;
  depassement: bigint;
  invoiceId: string;
  contratId: string;
  scheduleId: string;
  datePrevue: string;
  prenotifiePour: string;
  prenotifieAt: Date | null;
  createdAt: Date;
  mandatId: string;
  mandatStatut: string;
  prenotificationJours: number;
  dateSignature: string;
  dernierePresentation: string;
  ibanChiffre: Uint8Array;
  ibanMasque: string;
  bic: string;
  titulaire: string;
  rum: string;
  adresse: PostalAddress | null;
};

/**
 * Those of the payments that are due still, in order of their ids.
 * @param locked nobody else changes them, or their mandates, until the transaction ends; a mandate that is being revoked is
 * waited for
 */
export const dueDebits = (
  db: Db | Tx,
  due: Due,
  ids: string[],
  { locked }: { locked: boolean },
): Promise<DueDebit[]> => db.$queryRaw<DueDebit[]>`
  SELECT p.id, p.organisation_id AS "organisationId", p.client_id AS "clientId", p.tentative, p.montant,
    p.depassement,
    p.invoice_id AS "invoiceId", p.contrat_id AS "contratId", p.schedule_id AS "scheduleId",
    p.date_prevue AS "datePrevue", p.prenotifie_pour AS "prenotifiePour", p.prenotifie_at AS "prenotifieAt",
    p.created_at AS "createdAt", p.mandat_id AS "mandatId", m.statut AS "mandatStatut",
    m.prenotification_jours AS "prenotificationJours", m.date_signature AS "dateSignature",
    m.derniere_presentation AS "dernierePresentation", m.iban_chiffre AS "ibanChiffre",
    m.iban_masque AS "ibanMasque", m.bic, m.titulaire, m.rum, m.adresse
  FROM payments.payments p JOIN payments.mandates m ON m.id = p.mandat_id
  WHERE ${isDue(due)} AND p.id = ANY(${ids})
  ORDER BY p.id ${locked ? sql`FOR UPDATE OF p FOR SHARE OF m` : sql``}`;
