import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import type { Db } from '@crm/db';
import {
  type CanalRapport,
  type ImportBankReportResponse,
  StatutRapport,
} from '@crm/proto/payments/payments';
import { applyReport } from './apply-report.ts';
import { errorCode } from './error-code.ts';
import { maskIbans } from './mask-ibans.ts';
import { readReport, type ReportedStatus } from './read-report.ts';
import { stageTransactions, unfoldWholes } from './stage-transactions.ts';
import { UnreadableReport } from './unreadable-report.ts';

/** A pain.002 of 50,000 transactions has about 30 MB; what is larger than this is not even read. */
export const MAX_REPORT_BYTES = 64 * 1024 * 1024;
const CHUNK_BYTES = 64 * 1024;
/** A year of a large organisation; a file that says next to nothing in each of millions of elements is no report. */
const MAX_TRANSACTIONS = 500_000;

/** A bank's report, wherever it comes from. */
export type Source = {
  nomFichier: string;
  /** Of the whole, bytes. */
  size: number;
  /** Its bytes from the beginning, as often as asked for. */
  open(): AsyncIterable<Uint8Array>;
};

/** How a report came in, by whom, and what stops the import between two batches. */
export type Importer = {
  /** The id that the report gets, a UUIDv7; of a file that is tried again, the same one. */
  rapportId: string;
  canal: CanalRapport;
  auteur: string;
  signal?: AbortSignal;
};

/** A report that is in memory. */
export const memorySource = (nomFichier: string, content: Uint8Array): Source => ({
  nomFichier,
  size: content.length,
  async *open() {
    for (let at = 0; at < content.length; at += CHUNK_BYTES) {
      yield content.subarray(at, at + CHUNK_BYTES);
      await setImmediate(); // other calls have their turn
    }
  },
});

/**
 * Imports a bank's report, however it came in. It is read to its end first, and what it says is kept; only then is it
 * applied, in batches that go on where the last one ended: whatever dies in between, the same file again, or
 * `resumeReports`, completes it, and each transaction has its effect once. A file that was imported changes nothing.
 * @throws UnreadableReport: nothing of it was applied; the refusal is recorded
 */
export async function importReport(
  db: Db,
  source: Source,
  importer: Importer,
): Promise<ImportBankReportResponse> {
  const id = importer.rapportId;
  try {
    const begun = await begin(db, source, importer);
    if (begun) return await answer(db, begun, importer.signal);
    if (source.size > MAX_REPORT_BYTES) {
      throw new UnreadableReport(`larger than ${MAX_REPORT_BYTES / 1024 / 1024} MiB: it was not read`);
    }
    const before = await knownReport(db, await digest(source.open()));
    if (before) {
      await forget(db, id);
      return await answer(db, before, importer.signal);
    }
    return await answer(db, await seal(db, id, await stage(db, id, source, importer)), importer.signal);
  } catch (error) {
    if (error instanceof UnreadableReport) await refuse(db, id, error.message);
    else if (!importer.signal?.aborted) await noteFailure(db, id, error);
    throw error;
  }
}

/** @returns the report, where an earlier try has read it whole */
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
 * Says of a report that is not imported yet why it is not; of what was read of it nothing is left. A database that cannot
 * be told hears of it the next time.
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

/** The report of the same bytes that was read whole before, if there is one. */
const knownReport = (db: Db, sha256: string): Promise<Found | null> =>
  db.bankReport.findFirst({
    where: { sha256, OR: [{ importeAt: { not: null } }, { statut: StatutRapport.EN_COURS }] },
  });

/** Reads the file to its end; answers what its bytes are: they may not be those of a moment ago. */
async function stage(db: Db, reportId: string, source: Source, { signal }: Importer): Promise<string> {
  const hash = createHash('sha256');
  const hashed = async function* () {
    for await (const chunk of source.open()) {
      signal?.throwIfAborted();
      hash.update(chunk);
      yield chunk;
    }
  };
  await stageTransactions(db, reportId, limited(readReport(hashed())));
  await unfoldWholes(db, reportId);
  return hash.digest('hex');
}

async function* limited(statuses: AsyncIterable<ReportedStatus[]>): AsyncGenerator<ReportedStatus[]> {
  let count = 0;
  for await (const some of statuses) {
    count += some.length;
    if (count > MAX_TRANSACTIONS) throw new UnreadableReport(`more than ${MAX_TRANSACTIONS} transactions`);
    yield some;
  }
}

/** From here on the report is applied, by whoever comes by. Of two readings of the same bytes one is kept. */
async function seal(db: Db, id: string, sha256: string): Promise<Found> {
  const transactions = await db.reportTransaction.count({ where: { reportId: id } });
  const sealed = await db
    .$transaction(async (tx) => {
      // also one that another release has left unfinished
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

/** PostgreSQL's unique_violation, as Prisma tells of it for plain SQL. */
const isTaken = (error: unknown): boolean => /23505|P2002/.test(String((error as Error).message));

/** Applies what is left of a report; why that failed before is no longer said of it. */
export async function completeReport(db: Db, id: string, signal?: AbortSignal): Promise<void> {
  await applyReport(db, id, signal);
  const failed = { id, statut: StatutRapport.IMPORTE, motif: { not: '' } };
  await db.bankReport.updateMany({ where: failed, data: { motif: '' } });
}

async function answer(
  db: Db,
  { id, importeAt }: Found,
  signal: AbortSignal | undefined,
): Promise<ImportBankReportResponse> {
  if (!importeAt) await completeReport(db, id, signal);
  const report = await db.bankReport.findUniqueOrThrow({ where: { id } });
  const { confirmes, rejetes, inconnus, frais, informations, autres } = report;
  const counts = { confirmes, rejetes, inconnus, frais, informations, autres };
  return { rapportId: id, ...counts, dejaImporte: importeAt !== null };
}

async function refuse(db: Db, id: string, motif: string): Promise<void> {
  await db.reportTransaction.deleteMany({ where: { reportId: id } });
  await db.bankReport.update({
    where: { id },
    data: { statut: StatutRapport.REFUSE, motif },
  });
}

/** Leaves nothing of a reading that another one has made needless. */
export async function forget(db: Db, id: string): Promise<void> {
  await db.reportTransaction.deleteMany({ where: { reportId: id } });
  await db.bankReport.deleteMany({ where: { id } });
}
