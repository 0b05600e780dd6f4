import type { Db } from '@crm/db';
import { EtatRapporte } from '@crm/proto/payments/payments';
import { fileIdOf } from './message-id.ts';
import { maskIbans } from './mask-ibans.ts';
import { isOwnId } from './own-id.ts';
import { MAX_TEXT, type ReportedStatus } from './read-report.ts';

const BATCH = 1_000;

const ETAT: Record<ReportedStatus['status'], EtatRapporte> = {
  collected: EtatRapporte.TRANSACTION_ENCAISSEE,
  rejected: EtatRapporte.TRANSACTION_REJETEE,
  returned: EtatRapporte.TRANSACTION_RETOURNEE,
};

/** Keeps what a report says while it is read: a batch is in memory, never the whole. */
export async function stageTransactions(
  db: Db,
  reportId: string,
  statuses: AsyncIterable<ReportedStatus[]>,
): Promise<void> {
  let rang = 0;
  let batch: ReportedStatus[] = [];
  const write = async () => {
    const rows = batch.map(({ id, of, status, reason, at, montant, reference, line }) => ({
      ...{
        rang: ++rang,
        ligne: line,
        endToEndId: isOwnId(id) ? id : maskIbans(id, MAX_TEXT),
        portee: of,
        etat: ETAT[status],
      },
      ...{
        motifRejet: maskIbans(reason, MAX_TEXT),
        survenuAt: at ?? null,
        montant: montant?.toString() ?? null,
      },
      reference: maskIbans(reference, MAX_TEXT),
    }));
    batch = [];
    await db.$executeRaw`
      INSERT INTO payments.report_transactions (report_id, rang, ligne, end_to_end_id, portee, etat, motif_rejet,
        survenu_at, montant, reference)
      SELECT ${reportId}, r.* FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS r(rang int, ligne int,
        "endToEndId" text, portee text, etat text, "motifRejet" text, "survenuAt" timestamptz, montant bigint,
        reference text)`;
  };
  for await (const some of statuses) {
    batch.push(...some);
    if (batch.length >= BATCH) await write();
  }
  if (batch.length > 0) await write();
}

/**
 * What is said of a block or a file is said of each attempt in it that the report has not told of by itself; of one
 * that is not ours, of something unknown.
 */
export async function unfoldWholes(db: Db, reportId: string): Promise<void> {
  const wholes = await db.reportTransaction.findMany({
    where: { reportId, portee: { not: 'attempt' } },
    orderBy: { rang: 'asc' },
  });
  for (const { rang, portee, endToEndId } of wholes) {
    const where = portee === 'block' ? { blocId: endToEndId } : { fileId: fileIdOf(endToEndId) };
    if (!(await db.presentation.findFirst({ where, select: { id: true } }))) continue;
    await db.$executeRaw`
      INSERT INTO payments.report_transactions (report_id, rang, ligne, end_to_end_id, portee, etat, motif_rejet,
        survenu_at, montant, reference)
      SELECT t.report_id,
        (SELECT max(rang) FROM payments.report_transactions WHERE report_id = ${reportId})
          + row_number() OVER (ORDER BY p.id),
        t.ligne, p.id, 'attempt', t.etat, t.motif_rejet, t.survenu_at, t.montant, t.reference
      FROM payments.report_transactions t
      JOIN payments.presentations p
        ON CASE t.portee WHEN 'block' THEN p.bloc_id = t.end_to_end_id ELSE p.file_id = ${fileIdOf(endToEndId)} END
      WHERE t.report_id = ${reportId} AND t.rang = ${rang} AND NOT EXISTS (
        SELECT 1 FROM payments.report_transactions told
        WHERE told.report_id = ${reportId} AND told.end_to_end_id = p.id AND told.portee = 'attempt')`;
    await db.reportTransaction.delete({ where: { reportId_rang: { reportId, rang } } });
  }
}
