import type { Db, Tx } from '@crm/db';
import { RpcError } from '@crm/kit';
import { EtatRapporte, StatutPaiement, StatutRapport } from '@crm/proto/payments/payments';
import { status } from '@grpc/grpc-js';
import { collect } from '../confirm-payment.ts';
import { reject } from '../reject-payment.ts';
import { settlePayments, type Settled } from '../settle-payments.ts';
import type { PaymentRow } from '../to-payment.ts';
import { factsBefore, keyOf, rejectionsBefore, type Staged } from './facts-before.ts';

/** Transactions in one go: a fraction of a second. */
const BATCH = 500;
/** What a person is told who must decide: the bank gives no reason (ISO 20022: reason not specified). */
const NO_REASON = 'MS03';

/** What a transaction of a report did; where it is unknown, why. */
type Outcome = { issue: 'CONFIRME' | 'REJETE' | 'INCONNU'; motif: string };

/**
 * Applies a report that was read whole, from where it stands to its end. Several may do so at the same time: the
 * report's row lets one batch pass after the other, and remembers how far they have come.
 */
export async function applyReport(db: Db, reportId: string, signal?: AbortSignal): Promise<void> {
  while (await db.$transaction((tx) => applyBatch(tx, reportId))) signal?.throwIfAborted();
}

/** @returns whether there may be more */
async function applyBatch(tx: Tx, reportId: string): Promise<boolean> {
  const [report] = await tx.$queryRaw<{ appliquees: number }[]>`
    SELECT appliquees FROM payments.bank_reports
    WHERE id = ${reportId} AND statut = ${StatutRapport.EN_COURS} FOR UPDATE`;
  if (!report) return false;
  const staged = await tx.reportTransaction.findMany({
    where: { reportId, rang: { gt: report.appliquees } },
    orderBy: { rang: 'asc' },
    take: BATCH,
  });
  const payments = await lockPayments(tx, staged);
  // after the lock: another report may have said of an attempt that it was returned
  const presented = await presentedOf(tx, staged);
  const batch = upToRepeated(staged, presented);
  const outcomes = await applyAll(tx, batch, presented, payments);
  await markReturned(tx, batch, outcomes);
  await recordOutcomes(tx, reportId, outcomes);
  const count = (issue: Outcome['issue']) => outcomes.filter((outcome) => outcome.issue === issue).length;
  await tx.bankReport.update({
    where: { id: reportId },
    data: {
      appliquees: batch.at(-1)?.rang ?? report.appliquees,
      confirmes: { increment: count('CONFIRME') },
      rejetes: { increment: count('REJETE') },
      inconnus: { increment: count('INCONNU') },
      ...(batch.length === 0 && { statut: StatutRapport.IMPORTE, importeAt: new Date() }),
    },
  });
  return batch.length > 0;
}

type Presented = Map<string, Presentation>;
type Presentation = NonNullable<Awaited<ReturnType<Tx['presentation']['findUnique']>>>;

/** The attempts of ours that these transactions tell of, by EndToEndId. */
async function presentedOf(tx: Tx, staged: Staged[]): Promise<Presented> {
  const ids = staged.map(({ endToEndId }) => endToEndId);
  const presentations = await tx.presentation.findMany({ where: { id: { in: ids } } });
  return new Map(presentations.map((one) => [one.id, one]));
}

/**
 * A second word about a payment is for the next batch, which sees what the first one did. What is none of ours changes
 * nothing, however often it is told of: NOTPROVIDED is the id of many.
 */
function upToRepeated(staged: Staged[], presented: Presented): Staged[] {
  const seen = new Set<string>();
  const repeated = staged.findIndex(({ endToEndId }) => {
    const payment = presented.get(endToEndId)?.paymentId;
    return payment !== undefined && (seen.has(payment) || !seen.add(payment));
  });
  return repeated < 0 ? staged : staged.slice(0, repeated);
}

async function applyAll(
  tx: Tx,
  batch: Staged[],
  presented: Presented,
  payments: Map<string, PaymentRow>,
): Promise<(Outcome & { rang: number })[]> {
  const before = await factsBefore(tx, batch);
  const rejections = await rejectionsBefore(tx, batch);
  const changed: Settled[] = [];
  const outcomes = batch.map((one) => {
    const { rang, endToEndId, portee, montant } = one;
    const presentation = portee === 'attempt' ? presented.get(endToEndId) : undefined;
    const row = presentation && payments.get(presentation.paymentId);
    if (!row) return { rang, ...unknown(`no ${portee} that was presented has this id`) };
    if (montant !== null && montant !== presentation.montant) {
      return { rang, ...unknown(`another amount: ${presentation.montant} cents were presented`) };
    }
    const known = before.get(keyOf(one));
    if (known) return { rang, issue: known, motif: 'told before' };
    const attempt = { ...presentation, rejectedAt: rejections.get(endToEndId) };
    return { rang, ...decide(row, attempt, one, (next) => changed.push(next)) };
  });
  await settlePayments(tx, changed);
  return outcomes;
}

const unknown = (motif: string): Outcome => ({ issue: 'INCONNU', motif });

/** An attempt as it was presented, and when it was rejected, if a report did. */
type Attempt = { tentative: number; retournee: boolean; rejectedAt: Date | undefined };

/** What cannot be is counted as unknown, for a person to look at. */
function decide(
  row: PaymentRow,
  { tentative, retournee, rejectedAt }: Attempt,
  { etat, motifRejet, survenuAt }: Staged,
  change: (next: Settled) => void,
): Outcome {
  const collected = etat === EtatRapporte.TRANSACTION_ENCAISSEE;
  // a collection comes before its return, whatever date a report of it bears
  if (collected && retournee && row.statut !== StatutPaiement.ENCAISSE) {
    return unknown(`attempt ${tentative} was returned: it is not collected any more`);
  }
  try {
    const next = collected
      ? collect(row, { tentative, dateReception: survenuAt ?? undefined, rejectedAt })
      : reject(row, {
          tentative,
          // a bank's own may be in words: what a reason can be of it
          motifRejet: motifRejet.replace(/[^A-Z0-9]/gi, '').slice(0, 10) || NO_REASON,
          dateRejet: survenuAt ?? new Date(),
          retourBancaire: etat === EtatRapporte.TRANSACTION_RETOURNEE,
        });
    if (next !== row) change(next);
    return { issue: collected ? 'CONFIRME' : 'REJETE', motif: '' };
  } catch (error) {
    if (error instanceof RpcError && error.code === status.FAILED_PRECONDITION) return unknown(error.message);
    throw error;
  }
}

/** Locks the payments that these transactions tell of, in order of their ids, as whoever else takes several does. */
async function lockPayments(tx: Tx, staged: Staged[]): Promise<Map<string, PaymentRow>> {
  const locked = await tx.$queryRaw<{ id: string }[]>`
    SELECT id FROM payments.payments
    WHERE id IN (SELECT payment_id FROM payments.presentations WHERE id = ANY(${staged.map(({ endToEndId }) => endToEndId)}))
    ORDER BY id FOR UPDATE`;
  const rows = await tx.payment.findMany({ where: { id: { in: locked.map(({ id }) => id) } } });
  return new Map(rows.map((row) => [row.id, row]));
}

/**
 * What the bank returns was settled, also where the payment was rejected before, by a person say, and nothing of it
 * changes: its mandate is in use, and a collection that is reported late is older than the return.
 */
async function markReturned(tx: Tx, batch: Staged[], outcomes: Outcome[]): Promise<void> {
  const returned = batch.filter(
    ({ etat }, at) => etat === EtatRapporte.TRANSACTION_RETOURNEE && outcomes[at]!.issue === 'REJETE',
  );
  if (returned.length === 0) return;
  const ids = returned.map(({ endToEndId }) => endToEndId);
  await tx.presentation.updateMany({ where: { id: { in: ids } }, data: { retournee: true } });
}

async function recordOutcomes(
  tx: Tx,
  reportId: string,
  outcomes: (Outcome & { rang: number })[],
): Promise<void> {
  await tx.$executeRaw`
    UPDATE payments.report_transactions t SET issue = r.issue, motif = r.motif
    FROM jsonb_to_recordset(${JSON.stringify(outcomes)}::jsonb) AS r(rang int, issue text, motif text)
    WHERE t.report_id = ${reportId} AND t.rang = r.rang`;
}
