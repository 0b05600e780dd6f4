import type { Tx } from '@crm/db';
import { dateInParis } from '@crm/domain';

/** A stored line of a report. */
export type Staged = NonNullable<Awaited<ReturnType<Tx['reportTransaction']['findUnique']>>>;

/** What a line says about an attempt: what happened, and on which day. */
export type Fact = Pick<Staged, 'etat' | 'survenuAt'> & { presentationId: string };

/**
 * The key by which two lines are the same fact, in any message: an attempt is collected, rejected or returned
 * at most once a day. Texts, references and times differ between a notification and a statement.
 */
export const keyOf = ({ presentationId, etat, survenuAt }: Fact): string =>
  [presentationId, etat, survenuAt ? dateInParis(survenuAt) : ''].join(' ');

/** A fact from an earlier report, and its result. */
export type FactBefore = Pick<Staged, 'etat' | 'survenuAt' | 'presentationId' | 'reference' | 'reportId'> & {
  issue: 'CONFIRME' | 'REJETE';
};

/**
 * The facts that reports told about these attempts before. Banks repeat themselves in other files, and an old
 * line must not undo what has happened since.
 */
export async function factsBefore(tx: Tx, presentationIds: string[]): Promise<FactBefore[]> {
  const rows = await tx.reportTransaction.findMany({
    where: { presentationId: { in: presentationIds }, issue: { in: ['CONFIRME', 'REJETE'] } },
    select: {
      ...{ etat: true, survenuAt: true, presentationId: true, reference: true, reportId: true, issue: true },
    },
  });
  return rows as FactBefore[];
}

/**
 * The last rejection of these attempts by a report. The payment's row no longer has it after it was planned
 * again.
 */
export async function rejectionsBefore(tx: Tx, presentationIds: string[]): Promise<Map<string, Date>> {
  const rows = await tx.$queryRaw<{ id: string; at: Date }[]>`
    SELECT t.presentation_id AS id, max(coalesce(t.survenu_at, r.importe_at, now())) AS at
    FROM payments.report_transactions t JOIN payments.bank_reports r ON r.id = t.report_id
    WHERE t.presentation_id = ANY(${presentationIds}) AND t.issue = 'REJETE' GROUP BY t.presentation_id`;
  return new Map(rows.map(({ id, at }) => [id, at]));
}
