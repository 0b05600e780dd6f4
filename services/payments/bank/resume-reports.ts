import type { Db } from '@crm/db';
import { inContext, type Logger } from '@crm/kit';
import { StatutRapport } from '@crm/proto/payments/payments';
import { applyReport } from './apply-report.ts';
import { forget } from './import-report.ts';

/** An import that is under way writes more often than that. */
const QUIET_MS = 15_000;
/** Nobody reads a file for so long. */
const READING_MS = 60 * 60_000;

/** Completes reports that were read whole and whose import died; of those that died while reading nothing is left. */
export async function resumeReports(db: Db, log: Logger, signal: AbortSignal): Promise<void> {
  const quiet = (statut: StatutRapport, ms: number) =>
    db.bankReport.findMany({
      where: { statut, importeAt: null, updatedAt: { lt: new Date(Date.now() - ms) } },
      select: { id: true },
      take: 10,
    });
  for (const { id } of await quiet(StatutRapport.EN_COURS, QUIET_MS)) {
    await inContext({ correlationId: id }, () => applyReport(db, id, signal));
    log.info({ rapportId: id }, 'bank report completed');
  }
  for (const { id } of await quiet(StatutRapport.EN_LECTURE, READING_MS)) await forget(db, id);
}
