import type { Tx } from '@crm/db';

/** A transaction as it was read from a report. */
export type Staged = NonNullable<Awaited<ReturnType<Tx['reportTransaction']['findUnique']>>>;

/** What makes two tellings the same fact. */
export const keyOf = ({ endToEndId, etat, motifRejet, survenuAt, montant, reference }: Staged): string =>
  JSON.stringify([endToEndId, etat, motifRejet, survenuAt, String(montant), reference]);

/**
 * What these transactions did where an earlier report told the very same: banks repeat themselves in other files, and
 * an old word must not undo what has happened since.
 */
export async function factsBefore(tx: Tx, batch: Staged[]): Promise<Map<string, 'CONFIRME' | 'REJETE'>> {
  const earlier = await tx.reportTransaction.findMany({
    where: {
      endToEndId: { in: batch.map(({ endToEndId }) => endToEndId) },
      issue: { in: ['CONFIRME', 'REJETE'] },
    },
  });
  return new Map(earlier.map((one) => [keyOf(one), one.issue as 'CONFIRME' | 'REJETE']));
}

/** When reports rejected these attempts, the last time: a payment that was planned again does not say it any more. */
export async function rejectionsBefore(tx: Tx, batch: Staged[]): Promise<Map<string, Date>> {
  const ids = batch.map(({ endToEndId }) => endToEndId);
  const rows = await tx.$queryRaw<{ id: string; at: Date }[]>`
    SELECT t.end_to_end_id AS id, max(coalesce(t.survenu_at, r.importe_at, now())) AS at
    FROM payments.report_transactions t JOIN payments.bank_reports r ON r.id = t.report_id
    WHERE t.end_to_end_id = ANY(${ids}) AND t.issue = 'REJETE' GROUP BY t.end_to_end_id`;
  return new Map(rows.map(({ id, at }) => [id, at]));
}
