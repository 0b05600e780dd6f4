import type { Db } from '@crm/db';
import type { Logger } from '@crm/kit';
import { metrics } from '@opentelemetry/api';

/** However many scrapers there are, the database is asked at most once in this time, in milliseconds. */
const FRESH_MS = 5_000;

/**
 * The gauge of open unknown lines. It is counted when it is scraped, with a partial index. While the database
 * is away there is no value, because a wrong one would raise no alarm.
 */
export function measureOpenLines(db: Db, log: Logger): void {
  const gauge = metrics.getMeter('suivi').createObservableGauge('payments_bank_lines_open', {
    description: 'Lines of bank reports that nobody could match and nobody has closed',
  });
  let counted = { at: -Infinity, open: 0 };
  gauge.addCallback(async (result) => {
    try {
      if (performance.now() - counted.at > FRESH_MS) {
        counted = { open: await countOpenLines(db), at: performance.now() };
      }
      result.observe(counted.open);
    } catch (err) {
      log.warn({ err }, 'open lines of bank reports could not be counted');
    }
  });
}

async function countOpenLines(db: Db): Promise<number> {
  const [row] = await db.$queryRaw<{ open: number }[]>`
    SELECT count(*)::int AS open FROM payments.report_transactions WHERE issue = 'INCONNU' AND cloture = ''`;
  return row?.open ?? 0;
}
