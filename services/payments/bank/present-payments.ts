import type { Db, Tx } from '@crm/db';
import { todayInParis } from '@crm/kit';
import { StatutMandat, StatutPaiement, type Payment } from '@crm/proto/payments/payments';
import { v7 } from 'uuid';
import { endToEndIdOf } from './end-to-end-id.ts';
import { blocIdOf } from './message-id.ts';

/** A file as it was presented; without a name where there was nothing. */
export type Presented = { nomFichier: string; nombre: number; total: bigint };

/** What is due: by which date, and whose where not everybody's. */
export type Due = { dateCollecte: string; organisationId: string };

/** The contracts of the payments that a collection would take. */
export async function contratsDue(db: Db, { dateCollecte, organisationId }: Due): Promise<string[]> {
  const rows = await db.$queryRaw<{ contrat_id: string }[]>`
    SELECT DISTINCT p.contrat_id FROM payments.payments p JOIN payments.mandates m ON m.id = p.mandat_id
    WHERE p.statut = ${StatutPaiement.PLANIFIE} AND p.date_prevue <= ${dateCollecte} AND p.contrat_id <> ''
      AND m.statut = ${StatutMandat.ACTIF}
      AND (${organisationId} = '' OR p.organisation_id = ${organisationId})`;
  return rows.map(({ contrat_id }) => contrat_id);
}

/**
 * Takes the planned payments that are due by a collection date, have an active mandate, are of no contract that was
 * terminated and, where one is named, are the organisation's: each becomes EMIS with a presentation of its attempt,
 * all in one file. A payment that another call takes at the same time is waited for and then left alone. Where nothing
 * is left to present the last file of that date is answered again, if there is one.
 * @param resilies the contracts that were terminated
 */
export async function presentPayments(tx: Tx, due: Due, resilies: string[]): Promise<Presented> {
  const payments = await takePayments(tx, due, resilies);
  if (payments.length === 0) return await lastFile(tx, due);
  const collectedBefore = await mandatesInUse(
    tx,
    payments.map(({ mandatId }) => mandatId),
  );
  const id = v7();
  const file = {
    id,
    dateCollecte: due.dateCollecte,
    nomFichier: `pain008-${due.dateCollecte}-${id}.xml`,
    nombre: payments.length,
    total: payments.reduce((sum, { montant }) => sum + montant, 0n),
  };
  await tx.bankFile.create({ data: file });
  const presentations = presentationsOf(id, payments, collectedBefore);
  // as one document: Prisma's createMany takes a second for 3,000 rows, and a transaction has fifteen
  const rows = JSON.stringify(presentations, (_, value: unknown) =>
    typeof value === 'bigint' ? String(value) : value,
  );
  await tx.$executeRaw`
    INSERT INTO payments.presentations (id, file_id, payment_id, organisation_id, tentative, mandat_id, montant,
      sequence_type, bloc_id, libelle)
    SELECT * FROM jsonb_to_recordset(${rows}::jsonb) AS r(id text, "fileId" text, "paymentId" text,
      "organisationId" text, tentative int, "mandatId" text, montant bigint, "sequenceType" text, "blocId" text,
      libelle text)`;
  return file;
}

type Taken = Pick<
  Payment,
  'id' | 'organisationId' | 'tentative' | 'mandatId' | 'montant' | 'invoiceId' | 'contratId'
>;

/** Locks what is due and makes it EMIS, in order of the ids. */
async function takePayments(
  tx: Tx,
  { dateCollecte, organisationId }: Due,
  resilies: string[],
): Promise<Taken[]> {
  const dateEmission = todayInParis();
  const taken = await tx.$queryRaw<Taken[]>`
    WITH due AS (
      SELECT p.id FROM payments.payments p JOIN payments.mandates m ON m.id = p.mandat_id
      WHERE p.statut = ${StatutPaiement.PLANIFIE} AND p.date_prevue <= ${dateCollecte}
        AND m.statut = ${StatutMandat.ACTIF} AND p.contrat_id <> ALL(${resilies}::text[])
        AND (${organisationId} = '' OR p.organisation_id = ${organisationId})
      ORDER BY p.id FOR UPDATE OF p)
    UPDATE payments.payments p
    SET statut = ${StatutPaiement.EMIS}, date_emission = ${dateEmission}, updated_at = now()
    FROM due WHERE p.id = due.id
    RETURNING p.id, p.organisation_id AS "organisationId", p.tentative, p.mandat_id AS "mandatId", p.montant,
      p.invoice_id AS "invoiceId", p.contrat_id AS "contratId"`;
  return taken.sort((one, other) => (one.id < other.id ? -1 : 1));
}

/** One for each payment; every organisation and sequence type has a block of its own. */
function presentationsOf(fileId: string, payments: Taken[], collectedBefore: Set<string>) {
  const blocs = new Map<string, string>();
  return payments.map(({ id, organisationId, tentative, mandatId, montant, invoiceId, contratId }) => {
    const sequenceType = collectedBefore.has(mandatId) ? 'RCUR' : 'FRST';
    collectedBefore.add(mandatId);
    const key = `${organisationId} ${sequenceType}`;
    const blocId = blocs.get(key) ?? blocIdOf(fileId, blocs.size + 1);
    blocs.set(key, blocId);
    return {
      id: endToEndIdOf(id, tentative),
      ...{ fileId, paymentId: id, organisationId, tentative, mandatId, montant, sequenceType, blocId },
      libelle: invoiceId || contratId || id,
    };
  });
}

/** The last file of a date that holds nothing of another organisation. */
async function lastFile(tx: Tx, { dateCollecte, organisationId }: Due): Promise<Presented> {
  const [last] = await tx.$queryRaw<{ id: string }[]>`
    SELECT f.id FROM payments.bank_files f
    WHERE f.date_collecte = ${dateCollecte} AND (${organisationId} = '' OR NOT EXISTS (
      SELECT 1 FROM payments.presentations p
      WHERE p.file_id = f.id AND p.organisation_id <> ${organisationId}))
    ORDER BY f.id DESC LIMIT 1`;
  if (!last) return { nomFichier: '', nombre: 0, total: 0n };
  return await tx.bankFile.findUniqueOrThrow({ where: { id: last.id } });
}

/**
 * The mandates by which something was presented that was not rejected: the next debit of such a one is RCUR, of any
 * other FRST (EPC130-08: a first collection that was rejected is presented as a first one again).
 */
async function mandatesInUse(tx: Tx, mandatIds: string[]): Promise<Set<string>> {
  const rows = await tx.$queryRaw<{ mandat_id: string }[]>`
    SELECT DISTINCT e.mandat_id FROM payments.presentations e JOIN payments.payments p ON p.id = e.payment_id
    WHERE e.mandat_id = ANY(${mandatIds})
      AND p.tentative = e.tentative AND p.statut <> ${StatutPaiement.REJETE}`;
  return new Set(rows.map(({ mandat_id }) => mandat_id));
}
