import type { Tx } from '@crm/db';
import { todayInParis } from '@crm/kit';
import type { Contrat } from '@crm/proto/contrats/contrats';
import type { Invoice } from '@crm/proto/factures/factures';
import { StatutPaiement, type Payment } from '@crm/proto/payments/payments';
import { v7 } from 'uuid';
import { isDue, type Due } from './due-payments.ts';
import { endToEndIdOf } from './end-to-end-id.ts';
import { leftToDebit, limitToLeft } from './invoice-amounts.ts';
import { blocIdOf } from './message-id.ts';
import { checkComplete, creditorsOf, sealCreditors, type CreditorDeps } from './presented-creditors.ts';

/** A file as it was presented; without a name where there was nothing. */
export type Presented = { nomFichier: string; nombre: number; total: bigint };

/** What was asked before: the payments that others have nothing against, and what they know of what those pay. */
export type Presentable = {
  ids: string[];
  contracts: Map<string, Contrat>;
  invoices: Map<string, Invoice>;
  /** Organisations with a société of their own and no creditor (`organisationsWithSociete`). */
  withSociete: Set<string>;
};

/**
 * Takes the payments of a collection that are still due, each for what is left of its invoice at most: each becomes
 * EMIS with a presentation of its attempt, all in one file. Files are made one after the other: what another call takes
 * at the same time is waited for and then left alone, and a mandate has one first debit. Where nothing is left to
 * present the last file of that date is answered again, if there is one.
 * @throws FAILED_PRECONDITION CREANCIER naming organisations that nobody collects for
 */
export async function presentPayments(
  tx: Tx,
  due: Due,
  presentable: Presentable,
  creditorDeps: CreditorDeps,
): Promise<Presented> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtext('payments.bank_files'))`;
  const payments = await takePayments(tx, due, presentable);
  if (payments.length === 0) return await lastFile(tx, due);
  const organisationIds = [...new Set(payments.map(({ organisationId }) => organisationId))];
  const creditors = await creditorsOf(tx, organisationIds, creditorDeps, presentable.withSociete);
  checkComplete(creditors, organisationIds);
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
    creanciers: sealCreditors(creditors, id, creditorDeps.cipher),
  };
  await tx.bankFile.create({ data: file });
  const rows = asJson(presentationsOf(id, payments, collectedBefore, presentable));
  await tx.$executeRaw`
    INSERT INTO payments.presentations (id, file_id, payment_id, organisation_id, tentative, mandat_id, montant,
      sequence_type, bloc_id, libelle)
    SELECT * FROM jsonb_to_recordset(${rows}::jsonb) AS r(id text, "fileId" text, "paymentId" text,
      "organisationId" text, tentative int, "mandatId" text, montant bigint, "sequenceType" text, "blocId" text,
      libelle text)`;
  return file;
}

/** As one document: Prisma's createMany takes a second for 3,000 rows, and a transaction has fifteen. */
const asJson = (rows: object[]): string =>
  JSON.stringify(rows, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value));

type Taken = Pick<
  Payment,
  'id' | 'organisationId' | 'tentative' | 'mandatId' | 'montant' | 'depassement' | 'invoiceId' | 'contratId'
>;

/**
 * Locks what is due and makes it EMIS, in order of the ids, with the amount that is debited and the day it is debited
 * on: the bank's silence is counted from that day, not from one that Emit came too late for.
 */
async function takePayments(tx: Tx, due: Due, { ids, invoices }: Presentable): Promise<Taken[]> {
  const locked = await tx.$queryRaw<Taken[]>`
    SELECT p.id, p.organisation_id AS "organisationId", p.tentative, p.mandat_id AS "mandatId", p.montant,
      p.depassement, p.invoice_id AS "invoiceId", p.contrat_id AS "contratId"
    FROM payments.payments p JOIN payments.mandates m ON m.id = p.mandat_id
    WHERE ${isDue(due)} AND p.id = ANY(${ids})
    ORDER BY p.id FOR UPDATE OF p`;
  const taken = limitToLeft(locked, await leftToDebit(tx, invoices));
  await tx.$executeRaw`
    UPDATE payments.payments p
    SET statut = ${StatutPaiement.EMIS}, date_emission = ${todayInParis()}, date_prevue = ${due.dateCollecte},
      montant = r.montant, updated_at = now()
    FROM jsonb_to_recordset(${asJson(taken.map(({ id, montant }) => ({ id, montant })))}::jsonb)
      AS r(id text, montant bigint)
    WHERE p.id = r.id`;
  return taken;
}

/** One for each payment; every organisation and sequence type has a block of its own. */
function presentationsOf(
  fileId: string,
  payments: Taken[],
  collectedBefore: Set<string>,
  presentable: Presentable,
) {
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
      libelle: remittanceOf({ id, invoiceId, contratId }, presentable),
    };
  });
}

/** What the debtor's bank statement says: the number that they know, else the reference that there is. */
function remittanceOf(
  { id, invoiceId, contratId }: Pick<Taken, 'id' | 'invoiceId' | 'contratId'>,
  { contracts, invoices }: Presentable,
): string {
  const [invoice, contract] = [invoices.get(invoiceId), contracts.get(contratId)];
  if (invoice) return `Facture ${invoice.numero}`;
  if (invoiceId) return invoiceId;
  return contract ? `Contrat ${contract.reference}` : contratId || id;
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
 * The mandates that are in use: something was presented by them that was not rejected, or that was settled before the
 * bank returned it. The next debit of such a one is RCUR, of any other FRST. Since November 2016 RCUR is allowed for a
 * first debit too (EPC016-06, AT-21); FRST is kept, as banks that still check the sequence take it: a first debit that
 * was rejected before it was settled is presented as a first one again, one that was returned after is not.
 */
async function mandatesInUse(tx: Tx, mandatIds: string[]): Promise<Set<string>> {
  const rows = await tx.$queryRaw<{ mandat_id: string }[]>`
    SELECT DISTINCT e.mandat_id FROM payments.presentations e JOIN payments.payments p ON p.id = e.payment_id
    WHERE e.mandat_id = ANY(${mandatIds})
      AND (e.retournee OR p.tentative = e.tentative AND p.statut <> ${StatutPaiement.REJETE})`;
  return new Set(rows.map(({ mandat_id }) => mandat_id));
}
