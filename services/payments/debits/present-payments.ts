import type { Db, Tx } from '@crm/db';
import { todayInParis } from '@crm/domain';
import { StatutPaiement, type PaiementEcarte } from '@crm/proto/payments/payments';
import { v7 } from 'uuid';
import { dueDebits, type Due } from './due-payments.ts';
import { endToEndIdOf } from './end-to-end-id.ts';
import { leftToDebit } from './invoice-amounts.ts';
import { summarize, toStored } from './left-out.ts';
import { blocIdOf } from './message-id.ts';
import { addSealed, onlyOf, sealCreditors, type Creditors } from '../creditors/presented-creditors.ts';
import { sortOut, type Collection, type Taken } from './sort-out.ts';

/** Payments in one transaction: a fraction of a second, whatever the run has. */
export const BATCH = 500;
/** Whoever fills a file says so with each batch; one of which nothing was heard for so long is nobody's. */
const ABANDONED_MS = 60_000;

/** What a file is made of, and for whom. */
export type Run = { due: Due; collection: Collection; creditors: Creditors };

/** A file as it was presented; without a name where there was nothing. */
export type Presented = { nomFichier: string; nombre: number; total: bigint };

/** A file's row as an answer has it. */
export const asPresented = ({ nomFichier, nombre, total }: Presented): Presented => ({
  nomFichier,
  nombre,
  total,
});

/** One batch after the other, also of other calls: a mandate has one first debit, an invoice is debited once. */
const inTurn = (tx: Tx) => tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtext('payments.bank_files'))`;

/**
 * Opens a file for a collection, or takes the one that is open: another call is filling it, or has died over it.
 * @returns its name
 */
export async function openFile(tx: Tx, { due, creditors, collection }: Run): Promise<string> {
  await inTurn(tx);
  const { dateCollecte, organisationId: pourOrganisationId } = due;
  const open = await tx.bankFile.findFirst({
    where: { ouvert: true, dateCollecte, pourOrganisationId },
    orderBy: { id: 'desc' },
  });
  if (open) {
    const creanciers = addSealed(open.creanciers, sealCreditors(creditors, open.id, collection.cipher));
    await tx.bankFile.update({ where: { id: open.id }, data: { creanciers } });
    return open.nomFichier;
  }
  const id = v7();
  const { nomFichier } = await tx.bankFile.create({
    data: {
      ...{ id, dateCollecte, pourOrganisationId, nomFichier: `pain008-${dateCollecte}-${id}.xml` },
      ...{ nombre: 0, total: 0n, ouvert: true },
      creanciers: sealCreditors(creditors, id, collection.cipher),
    },
  });
  return nomFichier;
}

/**
 * Presents the payments that are due still and that nothing is held against, batch by batch, each in a transaction of its
 * own: they become EMIS with a presentation of their attempt. The last batch closes the file. Whatever dies in between, the
 * next call of the same collection goes on with the same file; what another call takes at the same time is left alone.
 * @param ids in order
 * @param nomFichier of the file that was opened; where another call has closed it meanwhile, what is left goes into a new one
 * @returns the name of the last file that was filled, and what was left out
 */
export async function presentPayments(
  db: Db,
  run: Run,
  ids: string[],
  nomFichier: string,
): Promise<{ nomFichier: string; leftOut: PaiementEcarte[] }> {
  let file = nomFichier;
  const leftOut: PaiementEcarte[] = [];
  for (let at = 0; at === 0 || at < ids.length; at += BATCH) {
    await db.$transaction(async (tx) => {
      await inTurn(tx);
      let open = await lockOpen(tx, file);
      if (!open) {
        file = await openFile(tx, run);
        open = (await lockOpen(tx, file))!;
      }
      leftOut.push(...(await presentBatch(tx, run, ids.slice(at, at + BATCH), open.id)));
      if (at + BATCH >= ids.length) await closeFile(tx, open.id, leftOut);
    });
  }
  return { nomFichier: file, leftOut };
}

/** A file that is open, which nobody closes until the transaction ends; says that somebody fills it. */
async function lockOpen(tx: Tx, nomFichier: string): Promise<{ id: string } | undefined> {
  const [open] = await tx.$queryRaw<{ id: string }[]>`
    UPDATE payments.bank_files SET updated_at = now()
    WHERE nom_fichier = ${nomFichier} AND ouvert RETURNING id`;
  return open;
}

/** Closes the files that were left open by calls that died, with what is in them: they are written then. */
export async function closeAbandoned(db: Db): Promise<void> {
  const before = new Date(Date.now() - ABANDONED_MS);
  const where = { ouvert: true, updatedAt: { lt: before } };
  for (const { nomFichier } of await db.bankFile.findMany({ where, select: { nomFichier: true } })) {
    await db.$transaction(async (tx) => {
      await inTurn(tx);
      const open = await lockOpen(tx, nomFichier);
      if (open) await closeFile(tx, open.id, []);
    });
  }
}

/** Counts what is in a file, which nothing is put into any more; one that has nothing in it is removed. */
async function closeFile(tx: Tx, id: string, leftOut: PaiementEcarte[]): Promise<void> {
  const blocks = await tx.presentation.groupBy({
    by: ['organisationId'],
    where: { fileId: id },
    _count: true,
    _sum: { montant: true },
  });
  if (blocks.length === 0) {
    await tx.bankFile.delete({ where: { id } });
    return;
  }
  const { creanciers } = await tx.bankFile.findUniqueOrThrow({ where: { id } });
  await tx.bankFile.update({
    where: { id },
    data: {
      ouvert: false,
      nombre: blocks.reduce((sum, { _count }) => sum + _count, 0),
      total: blocks.reduce((sum, { _sum }) => sum + (_sum.montant ?? 0n), 0n),
      creanciers: onlyOf(
        creanciers,
        blocks.map(({ organisationId }) => organisationId),
      ),
      ecartes: toStored(summarize(leftOut)),
    },
  });
}

/** @returns what of the batch is left out */
async function presentBatch(
  tx: Tx,
  { due, collection }: Run,
  ids: string[],
  fileId: string,
): Promise<PaiementEcarte[]> {
  const debits = await dueDebits(tx, due, ids, { locked: true });
  const invoices = invoicesOf(debits, collection);
  const { taken, leftOut } = sortOut(debits, collection, await leftToDebit(tx, invoices));
  if (taken.length > 0) {
    await markPresented(tx, due, taken);
    await insertPresentations(tx, fileId, taken, collection);
  }
  return leftOut;
}

/** The invoices that debits pay. */
export function invoicesOf(
  debits: { invoiceId: string }[],
  { invoices }: Collection,
): Collection['invoices'] {
  const paid = new Set(debits.map(({ invoiceId }) => invoiceId));
  return new Map([...invoices].filter(([id]) => paid.has(id)));
}

/**
 * Makes payments EMIS, with the amount that is debited and the day it is debited on: the bank's silence is counted from
 * that day, not from one that Emit came too late for. Their mandates were used.
 */
async function markPresented(tx: Tx, { dateCollecte }: Due, taken: Taken[]): Promise<void> {
  const rows = asJson(taken.map(({ id, montant, sansPreavis = null }) => ({ id, montant, sansPreavis })));
  await tx.$executeRaw`
    UPDATE payments.payments p
    SET statut = ${StatutPaiement.EMIS}, date_emission = ${todayInParis()}, date_prevue = ${dateCollecte},
      montant = r.montant, sans_preavis = nullif(r."sansPreavis", 'null'::jsonb), updated_at = now()
    FROM jsonb_to_recordset(${rows}::jsonb) AS r(id text, montant bigint, "sansPreavis" jsonb)
    WHERE p.id = r.id`;
  await tx.$executeRaw`
    UPDATE payments.mandates SET derniere_presentation = ${dateCollecte}
    WHERE id = ANY(${taken.map(({ mandatId }) => mandatId)}) AND derniere_presentation < ${dateCollecte}`;
}

/** One for each payment; every organisation and sequence type has a block of its own. */
async function insertPresentations(
  tx: Tx,
  fileId: string,
  taken: Taken[],
  collection: Collection,
): Promise<void> {
  const collectedBefore = await mandatesInUse(
    tx,
    taken.map(({ mandatId }) => mandatId),
  );
  const blocIdFor = await blocksOf(tx, fileId);
  const rows = taken.map(({ id, organisationId, tentative, mandatId, montant, adresse, ...debit }) => {
    const sequenceType = collectedBefore.has(mandatId) ? 'RCUR' : 'FRST';
    collectedBefore.add(mandatId);
    return {
      id: endToEndIdOf(id, tentative),
      ...{ fileId, paymentId: id, organisationId, tentative, mandatId, montant, sequenceType, adresse },
      blocId: blocIdFor(organisationId, sequenceType),
      libelle: remittanceOf({ id, ...debit }, collection),
      sansPreavis: debit.sansPreavis ?? null,
    };
  });
  await tx.$executeRaw`
    INSERT INTO payments.presentations (id, file_id, payment_id, organisation_id, tentative, mandat_id, montant,
      sequence_type, bloc_id, libelle, adresse, sans_preavis)
    SELECT id, "fileId", "paymentId", "organisationId", tentative, "mandatId", montant, "sequenceType", "blocId",
      libelle, nullif(adresse, 'null'::jsonb), nullif("sansPreavis", 'null'::jsonb)
    FROM jsonb_to_recordset(${asJson(rows)}::jsonb) AS r(id text, "fileId" text, "paymentId" text,
      "organisationId" text, tentative int, "mandatId" text, montant bigint, "sequenceType" text, "blocId" text,
      libelle text, adresse jsonb, "sansPreavis" jsonb)`;
}

/** As one document: Prisma's createMany takes a second for 3,000 rows. */
const asJson = (rows: object[]): string =>
  JSON.stringify(rows, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value));

/** The blocks that a file has, and a new one for an organisation and sequence type that has none. */
async function blocksOf(
  tx: Tx,
  fileId: string,
): Promise<(organisationId: string, sequenceType: string) => string> {
  const found = await tx.presentation.findMany({
    where: { fileId },
    distinct: ['organisationId', 'sequenceType'],
    select: { organisationId: true, sequenceType: true, blocId: true },
  });
  const key = (organisationId: string, sequenceType: string) => `${organisationId} ${sequenceType}`;
  const blocks = new Map(
    found.map(({ organisationId, sequenceType, blocId }) => [key(organisationId, sequenceType), blocId]),
  );
  return (organisationId, sequenceType) => {
    const of = key(organisationId, sequenceType);
    const blocId = blocks.get(of) ?? blocIdOf(fileId, blocks.size + 1);
    blocks.set(of, blocId);
    return blocId;
  };
}

/** What the debtor's bank statement says: the number that they know, else the reference that there is. */
function remittanceOf(
  { id, invoiceId, contratId }: Pick<Taken, 'id' | 'invoiceId' | 'contratId'>,
  { contracts, invoices }: Collection,
): string {
  const [invoice, contract] = [invoices.get(invoiceId), contracts.get(contratId)];
  if (invoice) return `Facture ${invoice.numero}`;
  if (invoiceId) return invoiceId;
  return contract ? `Contrat ${contract.reference}` : contratId || id;
}

/** The last file of a date that holds nothing of another organisation. */
export async function lastFile(db: Db | Tx, { dateCollecte, organisationId }: Due): Promise<Presented> {
  const [last] = await db.$queryRaw<{ id: string }[]>`
    SELECT f.id FROM payments.bank_files f
    WHERE f.date_collecte = ${dateCollecte} AND NOT f.ouvert AND f.nombre > 0 AND (${organisationId} = '' OR NOT EXISTS (
      SELECT 1 FROM payments.presentations p
      WHERE p.file_id = f.id AND p.organisation_id <> ${organisationId}))
    ORDER BY f.id DESC LIMIT 1`;
  if (!last) return { nomFichier: '', nombre: 0, total: 0n };
  return asPresented(await db.bankFile.findUniqueOrThrow({ where: { id: last.id } }));
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
