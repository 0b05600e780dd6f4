import type { Db, Tx } from '@crm/db';
import { todayInParis } from '@crm/domain';
import { StatutPaiement, type PaiementEcarte } from '@crm/proto/payments/payments';
import { v7 } from 'uuid';
import { dueDebits, type Due } from './due-payments.ts';
import { endToEndIdOf } from './end-to-end-id.ts';
import { leftToDebit } from './invoice-amounts.ts';
import { recordMouvements } from '../mouvements.ts';
import { summarize, toStored } from './left-out.ts';
import { blocIdOf } from './message-id.ts';
import { addSealed, onlyOf, sealCreditors, type Creditors } from '../creditors/presented-creditors.ts';
import { sequenceTypes } from './sequence-types.ts';
import { sortOut, type Collection, type Taken } from './sort-out.ts';

/** The number of payments in one transaction: it takes a fraction of a second, however large the run is. */
export const BATCH = 500;
/**
 * A call that fills a file renews its mark with each batch. A file whose mark is older than this was
 * abandoned.
 */
const ABANDONED_MS = 60_000;

/** What a run presents. */
export type Run = { due: Due; collection: Collection; creditors: Creditors };

/** A presented file. Without a name: nothing was presented. */
export type Presented = { nomFichier: string; nombre: number; total: bigint };

/** Converts a file's row for an answer. */
export const asPresented = ({ nomFichier, nombre, total }: Presented): Presented => ({
  nomFichier,
  nombre,
  total,
});

/**
 * Takes the lock that lets only one batch run at a time, over all calls: a mandate has one first debit, and
 * an invoice must not be debited twice.
 */
const inTurn = (tx: Tx) => tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtext('payments.bank_files'))`;

/**
 * Opens a file for a collection, or takes the one that is open, which another call is filling or has left.
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
 * Presents the payments that are still due and that nothing speaks against, in batches of one transaction
 * each: they become EMIS, with a presentation of their attempt. The last batch closes the file. If the
 * process dies, the next call for the same collection continues the same file. Payments that another call
 * takes meanwhile are left alone.
 * @param ids in order
 * @param nomFichier the opened file; if another call has closed it meanwhile, a new one is used for the rest
 * @param before what was left out already
 * @returns the name of the last file that was filled, and what was left out
 */
export async function presentPayments(
  db: Db,
  run: Run,
  ids: string[],
  nomFichier: string,
  before: PaiementEcarte[] = [],
): Promise<{ nomFichier: string; leftOut: PaiementEcarte[] }> {
  let file = nomFichier;
  const leftOut = [...before];
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

/** Locks an open file, so that nobody closes it before the transaction ends, and renews its mark. */
async function lockOpen(tx: Tx, nomFichier: string): Promise<{ id: string } | undefined> {
  const [open] = await tx.$queryRaw<{ id: string }[]>`
    UPDATE payments.bank_files SET updated_at = now()
    WHERE nom_fichier = ${nomFichier} AND ouvert RETURNING id`;
  return open;
}

/** Closes files that dead calls left open, with what is in them, so that they are written. */
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

/** Counts the content of a file and closes it for good. An empty file is deleted. */
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

/** @returns the payments of the batch that were left out */
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
    await recordMouvements(
      tx,
      taken.map((debit) => ({
        ...{ ...debit, statut: StatutPaiement.EMIS, datePrevue: due.dateCollecte },
        ...{ dateReception: null, dateRejet: null, motifRejet: '' },
      })),
    );
  }
  return leftOut;
}

/** The invoices that debits pay, from factures. */
export function invoicesOf(
  debits: { invoiceId: string }[],
  { invoices }: Collection,
): Collection['invoices'] {
  const paid = new Set(debits.map(({ invoiceId }) => invoiceId));
  return new Map([...invoices].filter(([id]) => paid.has(id)));
}

/**
 * Sets payments to EMIS, with the amount and the day of the debit. The bank's silence counts from that day,
 * which can be later than planned. Their mandates count as used.
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

/** Inserts a presentation for each payment. Each organisation and sequence type has a block of its own. */
async function insertPresentations(
  tx: Tx,
  fileId: string,
  taken: Taken[],
  collection: Collection,
): Promise<void> {
  const sequences = await sequenceTypes(tx, taken);
  const blocIdFor = await blocksOf(tx, fileId);
  const rows = taken.map(({ id, organisationId, tentative, mandatId, montant, adresse, ...debit }, index) => {
    const sequenceType = sequences[index]!;
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

/** As one JSON document: Prisma's createMany takes a second for 3,000 rows. */
const asJson = (rows: object[]): string =>
  JSON.stringify(rows, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value));

/** The blocks of a file, with new ones for organisations and sequence types that have none. */
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

/** The text on the debtor's bank statement: a number that the debtor knows, or else a reference. */
function remittanceOf(
  { id, invoiceId, contratId }: Pick<Taken, 'id' | 'invoiceId' | 'contratId'>,
  { contracts, invoices }: Collection,
): string {
  const [invoice, contract] = [invoices.get(invoiceId), contracts.get(contratId)];
  if (invoice) return `Facture ${invoice.numero}`;
  if (invoiceId) return invoiceId;
  return contract ? `Contrat ${contract.reference}` : contratId || id;
}

/** The latest file of a date that has only this organisation's debits. */
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
