import type { Db } from '@crm/db';
import { inContext, type Logger } from '@crm/kit';
import { StatutRapport } from '@crm/proto/payments/payments';
import { backOff } from './back-off.ts';
import { completeReport, forget, noteFailure } from './import-report.ts';

/** A running import writes more often than this. */
const QUIET_MS = 15_000;
/** The longest time that reading a file, or pausing after a failure, can take. */
const READING_MS = 60 * 60_000;

/**
 * Creates a function that completes reports whose import died after reading, and deletes what was left by a
 * death while reading. A report that cannot be applied is tried again less and less often, and does not stop
 * the others.
 */
export function resumeReports(db: Db, log: Logger): (signal: AbortSignal) => Promise<void> {
  const failing = backOff();
  const quiet = (statut: StatutRapport, ms: number) =>
    db.bankReport.findMany({
      where: {
        ...{ statut, importeAt: null, id: { notIn: failing.held() } },
        updatedAt: { lt: new Date(Date.now() - ms) },
      },
      select: { id: true },
      orderBy: { updatedAt: 'asc' },
      take: 10,
    });

  return async (signal) => {
    for (const { id } of await quiet(StatutRapport.EN_COURS, QUIET_MS)) {
      await inContext({ correlationId: id }, async () => {
        try {
          await completeReport(db, id, signal);
          failing.worked(id);
          log.info({ rapportId: id }, 'bank report completed');
        } catch (error) {
          if (signal.aborted) throw error;
          const againMs = failing.failed(id);
          log.error({ rapportId: id, err: error, againMs }, 'a bank report could not be applied yet');
          await noteFailure(db, id, error);
        }
      });
    }
    for (const { id } of await quiet(StatutRapport.EN_LECTURE, READING_MS)) await forget(db, id);
  };
}
