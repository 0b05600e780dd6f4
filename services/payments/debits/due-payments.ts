import { sql, type Db, type Tx } from '@crm/db';
import { StatutPaiement } from '@crm/proto/payments/payments';
import type { PostalAddress } from '../mandates/postal-address.ts';

/** Which payments are due: the collection date, and the organisation if not all. */
export type Due = { dateCollecte: string; organisationId: string };

/** A due payment, with the references that other services must be asked about. */
export type DuePayment = { id: string; organisationId: string; contratId: string; invoiceId: string };

/**
 * SQL: the condition for a payment `p` with a mandate to be due. Whether it can be presented is checked
 * later.
 */
const isDue = ({ dateCollecte, organisationId }: Due) => sql`
  p.statut = ${StatutPaiement.PLANIFIE} AND p.date_prevue <= ${dateCollecte}
  AND (${organisationId} = '' OR p.organisation_id = ${organisationId})`;

/** The due payments, in order of their ids. */
export const duePayments = (db: Db, due: Due): Promise<DuePayment[]> => db.$queryRaw<DuePayment[]>`
  SELECT p.id, p.organisation_id AS "organisationId", p.contrat_id AS "contratId", p.invoice_id AS "invoiceId"
  FROM payments.payments p JOIN payments.mandates m ON m.id = p.mandat_id
  WHERE ${isDue(due)} ORDER BY p.id`;

/** A due payment with the mandate to debit it by. */
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
 * Reads those of the payments that are still due, in order of their ids.
 * @param locked locks the payments and their mandates until the transaction ends; waits for a revocation in
 *   progress
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
