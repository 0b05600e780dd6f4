import { createHash } from 'node:crypto';
import type { Db } from '@crm/db';
import {
  type CanalRapport,
  type ImportBankReportResponse,
  StatutRapport,
} from '@crm/proto/payments/payments';
import { v7 } from 'uuid';
import { applyReport } from './apply-report.ts';
import { errorCode } from './error-code.ts';
import { fileFormat } from './file-format.ts';
import { maskIbans } from './mask-ibans.ts';
import { readReport, type ReadLine } from './read-report.ts';
import type { Source } from './source.ts';
import { stageLines } from './stage-lines.ts';
import { UnreadableReport } from './unreadable-report.ts';
import { eachZipSource } from './zip-sources.ts';

/** A pain.002 of 50,000 transactions has about 30 MB. Larger files than this are not read. */
const MAX_REPORT_BYTES = 64 * 1024 * 1024;
/** A year of a large organisation. A file with millions of nearly empty elements is an attack. */
const MAX_TRANSACTIONS = 500_000;

/** How a report arrived, who imports it, and the signal that stops between two batches. */
export type Importer = {
  /** The id for the report, a UUIDv7. A repeated try of a file has the same one. */
  rapportId: string;
  canal: CanalRapport;
  auteur: string;
  signal?: AbortSignal;
};

/**
 * Imports a bank report, or a zip of several. Each is first read to its end and stored; only then is it
 * applied, in batches from its mark on. If the process dies, the same file again or `resumeReports` completes
 * it, and each transaction has its effect once. A file that was imported before changes nothing.
 * @throws UnreadableReport: nothing of it was applied, and the refusal is recorded
 */
export async function importReport(
  db: Db,
  source: Source,
  importer: Importer,
): Promise<ImportBankReportResponse> {
  const { rapportId: id, signal } = importer;
  try {
    const begun = await begin(db, source, importer);
    if (begun) return await answer(db, [begun], signal);
    if (source.size > MAX_REPORT_BYTES) {
      throw new UnreadableReport(`larger than ${MAX_REPORT_BYTES / 1024 / 1024} MiB: it was not read`);
    }
    const format = await formatOf(source);
    if (format === 'zip') return await importZip(db, source, importer);
    if (format) throw new UnreadableReport(`${format}: only XML and zips of it are read`);
    return await answer(db, [await sealRead(db, await read(db, source, importer))], signal);
  } catch (error) {
    if (error instanceof UnreadableReport) await refuse(db, id, error.message);
    else if (!signal?.aborted) await noteFailure(db, id, error);
    throw error;
  }
}

/**
 * Each file of a zip is a report of its own, recognised by its bytes whichever way it comes. All are read
 * before any is applied. One unreadable file refuses the whole zip.
 */
async function importZip(db: Db, zip: Source, importer: Importer): Promise<ImportBankReportResponse> {
  const files: Read[] = [];
  try {
    await eachZipSource(zip, MAX_REPORT_BYTES, async (file) => {
      const own = { ...importer, rapportId: v7() };
      // noted before it is read, so that a failure can clean up
      files.push({ id: own.rapportId });
      await begin(db, file, own);
      files.push({ ...files.pop()!, ...(await read(db, file, own)) });
    });
  } catch (error) {
    for (const { id } of files) await forgetReading(db, id);
    throw error;
  }
  // two files of the same bytes are one report
  const found = new Map<string, Found>();
  for (const file of files) {
    const one = await sealRead(db, file);
    found.set(one.id, one);
  }
  await forget(db, importer.rapportId);
  return await answer(db, [...found.values()], importer.signal);
}

async function formatOf(source: Source): Promise<string | undefined> {
  for await (const chunk of source.open()) return fileFormat(chunk);
  return undefined;
}

/** A report that was read to its end: its hash; or the same report, if it was read before. */
type Read = { id: string; sha256?: string; before?: Found };

async function read(db: Db, source: Source, importer: Importer): Promise<Read> {
  const { rapportId: id } = importer;
  const before = await knownReport(db, await digest(source.open()));
  return before ? { id, before } : { id, sha256: await stage(db, id, source, importer) };
}

async function sealRead(db: Db, { id, sha256, before }: Read): Promise<Found> {
  if (!before) return await seal(db, id, sha256!);
  await forget(db, id);
  return before;
}

/** @returns the report, if an earlier try has read it to its end */
async function begin(
  db: Db,
  source: Source,
  { rapportId: id, canal, auteur }: Importer,
): Promise<Found | null> {
  const known = await db.bankReport.findUnique({ where: { id } });
  if (known && known.statut !== StatutRapport.EN_LECTURE && known.statut !== StatutRapport.REFUSE)
    return known;
  await db.reportTransaction.deleteMany({ where: { reportId: id } });
  const data = {
    ...{ nomFichier: maskIbans(source.nomFichier, 200), canal, auteur, statut: StatutRapport.EN_LECTURE },
  };
  await db.bankReport.upsert({ where: { id }, create: { id, ...data }, update: data });
  return null;
}

/**
 * Records why a report is not imported yet, and deletes what was read of it. If the database is away, the
 * next try records it.
 */
export async function noteFailure(db: Db, id: string, error: unknown): Promise<void> {
  const motif = (doing: string) => ({
    motif: `it could not be ${doing} yet: unexpected error ${errorCode(error)}`,
  });
  const reading = { id, statut: StatutRapport.EN_LECTURE };
  try {
    const { count } = await db.bankReport.updateMany({ where: reading, data: motif('read') });
    if (count > 0) await db.reportTransaction.deleteMany({ where: { reportId: id } });
    else
      await db.bankReport.updateMany({
        where: { id, statut: StatutRapport.EN_COURS },
        data: motif('applied'),
      });
  } catch {
    // it is tried again in any case
  }
}

async function digest(chunks: AsyncIterable<Uint8Array>): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of chunks) hash.update(chunk);
  return hash.digest('hex');
}

type Found = { id: string; importeAt: Date | null };

/** The report with the same bytes that was read to its end before, if any. */
const knownReport = (db: Db, sha256: string): Promise<Found | null> =>
  db.bankReport.findFirst({
    where: { sha256, OR: [{ importeAt: { not: null } }, { statut: StatutRapport.EN_COURS }] },
  });

/** Reads the file to its end and returns its hash: the file may have changed since the last look. */
async function stage(db: Db, reportId: string, source: Source, { signal }: Importer): Promise<string> {
  const hash = createHash('sha256');
  const hashed = async function* () {
    for await (const chunk of source.open()) {
      signal?.throwIfAborted();
      hash.update(chunk);
      yield chunk;
    }
  };
  await stageLines(db, reportId, limited(readReport(hashed())));
  return hash.digest('hex');
}

async function* limited(statuses: AsyncIterable<ReadLine[]>): AsyncGenerator<ReadLine[]> {
  let count = 0;
  for await (const some of statuses) {
    count += some.length;
    if (count > MAX_TRANSACTIONS) throw new UnreadableReport(`more than ${MAX_TRANSACTIONS} transactions`);
    yield some;
  }
}

/**
 * Marks a report as read. From here on anybody may apply it. If two readers had the same bytes, one of them
 * wins.
 */
async function seal(db: Db, id: string, sha256: string): Promise<Found> {
  const transactions = await db.reportTransaction.count({ where: { reportId: id } });
  const sealed = await db
    .$transaction(async (tx) => {
      // also a reading that another release left unfinished
      await tx.bankReport.deleteMany({
        where: { sha256, importeAt: null, statut: { not: StatutRapport.EN_COURS } },
      });
      return await tx.$executeRaw`
      UPDATE payments.bank_reports
      SET sha256 = ${sha256}, statut = ${StatutRapport.EN_COURS}, motif = '', transactions = ${transactions}, updated_at = now()
      WHERE id = ${id}
        AND NOT EXISTS (SELECT 1 FROM payments.bank_reports other WHERE other.sha256 = ${sha256})`;
    })
    .catch((error: unknown) => {
      if (isTaken(error)) return 0;
      throw error;
    });
  if (sealed > 0) return { id, importeAt: null };
  await forget(db, id);
  return await db.bankReport.findUniqueOrThrow({ where: { sha256 } });
}

/** The code unique_violation of PostgreSQL, as Prisma reports it for raw SQL. */
const isTaken = (error: unknown): boolean => /23505|P2002/.test(String((error as Error).message));

/** Applies the rest of a report, and removes an earlier failure from it. */
export async function completeReport(db: Db, id: string, signal?: AbortSignal): Promise<void> {
  await applyReport(db, id, signal);
  const failed = { id, statut: StatutRapport.IMPORTE, motif: { not: '' } };
  await db.bankReport.updateMany({ where: failed, data: { motif: '' } });
}

async function answer(
  db: Db,
  found: Found[],
  signal: AbortSignal | undefined,
): Promise<ImportBankReportResponse> {
  const answered = {
    ...{ confirmes: 0, rejetes: 0, inconnus: 0, frais: 0, informations: 0, autres: 0, closes: 0 },
  };
  for (const { id, importeAt } of found) {
    if (!importeAt) await completeReport(db, id, signal);
    const report = await db.bankReport.findUniqueOrThrow({ where: { id } });
    for (const count of Object.keys(answered) as (keyof typeof answered)[]) answered[count] += report[count];
  }
  const rapportIds = found.map(({ id }) => id);
  const dejaImporte = found.every(({ importeAt }) => importeAt !== null);
  return { rapportId: rapportIds[0]!, ...answered, dejaImporte, rapportIds };
}

async function refuse(db: Db, id: string, motif: string): Promise<void> {
  await db.reportTransaction.deleteMany({ where: { reportId: id } });
  await db.bankReport.update({
    where: { id },
    data: { statut: StatutRapport.REFUSE, motif },
  });
}

/** As `forget`, unless it is marked as read. If the database is away, `resumeReports` cleans up. */
const forgetReading = (db: Db, id: string): Promise<unknown> =>
  db.reportTransaction
    .deleteMany({ where: { reportId: id } })
    .then(() => db.bankReport.deleteMany({ where: { id, statut: StatutRapport.EN_LECTURE } }))
    .catch(() => {});

/** Deletes a reading that another one has made needless. */
export async function forget(db: Db, id: string): Promise<void> {
  await db.reportTransaction.deleteMany({ where: { reportId: id } });
  await db.bankReport.deleteMany({ where: { id } });
}
