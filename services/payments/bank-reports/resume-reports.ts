import type { Db } from '@crm/db';
import { inContext, type Logger } from '@crm/kit';
import { StatutRapport } from '@crm/proto/payments/payments';
import { backOff } from './back-off.ts';
import { completeReport, forget, noteFailure } from './import-report.ts';

/** An import that is under way writes more often than that. */
const QUIET_MS = 15_000;
/** Nobody reads a file for so long, or leaves one that failed alone. */
const READING_MS = 60 * 60_000;

/**
 * Makes the function that completes reports that were read whole and whose import died; of those that died while reading
 * nothing is left. One that cannot be applied is tried again later and later, and keeps no other back.
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
