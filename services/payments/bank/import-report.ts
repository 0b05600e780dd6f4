import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import type { Db } from '@crm/db';
import {
  type CanalRapport,
  type ImportBankReportResponse,
  StatutRapport,
} from '@crm/proto/payments/payments';
import { v7 } from 'uuid';
import { applyReport } from './apply-report.ts';
import { maskIbans } from './mask-ibans.ts';
import { readReport } from './read-report.ts';
import { stageTransactions, unfoldWholes } from './stage-transactions.ts';
import { UnreadableReport } from './unreadable-report.ts';

/** A pain.002 of 50,000 transactions has about 30 MB; what is larger than this is not even read. */
export const MAX_REPORT_BYTES = 64 * 1024 * 1024;
const CHUNK_BYTES = 64 * 1024;

/** A bank's report, wherever it comes from. */
export type Source = {
  nomFichier: string;
  /** Of the whole, bytes. */
  size: number;
  /** Its bytes from the beginning, as often as asked for. */
  open(): AsyncIterable<Uint8Array>;
};

/** How a report came in, by whom, and what stops the import between two batches. */
export type Importer = { canal: CanalRapport; auteur: string; signal?: AbortSignal };

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
  const report = await db.bankReport.create({
    data: {
      ...{ id: v7(), nomFichier: maskIbans(source.nomFichier, 200), canal: importer.canal },
      ...{ auteur: importer.auteur, statut: StatutRapport.EN_LECTURE },
    },
  });
  try {
    if (source.size > MAX_REPORT_BYTES) {
      throw new UnreadableReport(`larger than ${MAX_REPORT_BYTES / 1024 / 1024} MiB: it was not read`);
    }
    const before = await knownReport(db, await digest(source.open()));
    if (before) {
      await forget(db, report.id);
      return await answer(db, before, importer.signal);
    }
    return await answer(
      db,
      await seal(db, report.id, await stage(db, report.id, source, importer)),
      importer.signal,
    );
  } catch (error) {
    if (error instanceof UnreadableReport) await refuse(db, report.id, error.message);
    throw error;
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
  await stageTransactions(db, reportId, readReport(hashed()));
  await unfoldWholes(db, reportId);
  return hash.digest('hex');
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
      SET sha256 = ${sha256}, statut = ${StatutRapport.EN_COURS}, transactions = ${transactions}, updated_at = now()
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

async function answer(
  db: Db,
  { id, importeAt }: Found,
  signal: AbortSignal | undefined,
): Promise<ImportBankReportResponse> {
  if (!importeAt) await applyReport(db, id, signal);
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
