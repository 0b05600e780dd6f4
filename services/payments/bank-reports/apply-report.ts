import type { Db, Tx } from '@crm/db';
import { EtatRapporte, StatutRapport } from '@crm/proto/payments/payments';
import { settlePayments } from '../settle-payments.ts';
import type { PaymentRow } from '../to-payment.ts';
import { applyRest, exceededEntries, excessOf, isRest } from './apply-rests.ts';
import { keepFees, type BankFee } from './bank-fees.ts';
import { decideLine, decideUnmatched, unknown, type Decision, type Outcome } from './decide-line.ts';
import { CHARGE_IN_WORDS } from './entry-fate.ts';
import { factsBefore, keyOf, rejectionsBefore, type FactBefore, type Staged } from './facts-before.ts';
import {
  candidatesByMandate,
  chooseByMandate,
  matchByName,
  type Candidates,
  type Known,
  type Match,
  type Presentation,
} from './match-lines.ts';
import { isWhole, unfoldWhole } from './unfold-whole.ts';

/** The number of lines in one transaction: it takes a fraction of a second. */
const BATCH = 500;

/** The result of a line and its match. Without an issue: the line is deleted. */
type Recorded = Omit<Outcome, 'issue'> & {
  issue: Outcome['issue'] | '';
  rang: number;
  appariePar: string;
  presentationId: string;
  paymentId: string;
};

/**
 * Applies a report that was read to its end, from its mark on. Several processes may do so at once: they lock
 * the report's row for each batch, and the mark in it says how far they are.
 */
export async function applyReport(db: Db, reportId: string, signal?: AbortSignal): Promise<void> {
  while (await db.$transaction((tx) => applyBatch(tx, reportId))) signal?.throwIfAborted();
}

/** @returns whether there may be more lines */
async function applyBatch(tx: Tx, reportId: string): Promise<boolean> {
  const [report] = await tx.$queryRaw<{ appliquees: number }[]>`
    SELECT appliquees FROM payments.bank_reports
    WHERE id = ${reportId} AND statut = ${StatutRapport.EN_COURS} FOR UPDATE`;
  if (!report) return false;
  const staged = await tx.reportTransaction.findMany({
    // lines that replace a block are at the end of the report, and are applied when the block is
    where: { reportId, rang: { gt: report.appliquees }, issue: '' },
    orderBy: { rang: 'asc' },
    take: BATCH,
  });
  const [first] = staged;
  if (!first) {
    await finish(tx, reportId);
    return false;
  }
  if (isWhole(first)) {
    await applyWhole(tx, first, report.appliquees);
    return true;
  }
  const whole = staged.findIndex(isWhole);
  const recorded = await applyLines(tx, reportId, whole < 0 ? staged : staged.slice(0, whole));
  await record(tx, reportId, recorded, recorded.at(-1)!.rang);
  return true;
}

/** Applies a block in its place: replaces it by lines for its debits, some at a time, then deletes it. */
async function applyWhole(tx: Tx, line: Staged, appliquees: number): Promise<void> {
  const { reportId, rang } = line;
  const result = await unfoldWhole(tx, line);
  if (!Array.isArray(result)) {
    await record(tx, reportId, [{ rang, ...result, ...UNMATCHED }], rang);
  } else if (result.length > 0) {
    const debits = await tx.reportTransaction.findMany({
      where: { reportId, rang: { in: result } },
      orderBy: { rang: 'asc' },
    });
    await record(tx, reportId, await applyLines(tx, reportId, debits), appliquees);
  } else {
    await tx.reportTransaction.delete({ where: { reportId_rang: { reportId, rang } } });
    await record(tx, reportId, [], rang);
  }
}

const UNMATCHED = { appariePar: '', presentationId: '', paymentId: '' };

/** @returns the results of the first lines, up to the second one about the same payment */
async function applyLines(tx: Tx, reportId: string, staged: Staged[]): Promise<Recorded[]> {
  const found = await find(tx, reportId, staged);
  const payments = await lockPayments(tx, found.ids);
  // after the lock: another report may have recorded a return of an attempt
  const presented = await presentationsOf(tx, found.ids);
  const batch = upToRepeated(staged, found, presented);
  const known: Known = { presented, payments, before: await factsBefore(tx, found.ids) };
  const rejections = await rejectionsBefore(tx, found.ids);
  const told = new Map<string, FactBefore[]>();
  for (const fact of known.before) told.set(keyOf(fact), [...(told.get(keyOf(fact)) ?? []), fact]);
  const exceeded = await exceededEntries(tx, reportId, batch);
  const decided = batch
    .filter((line) => !isRest(line))
    .map((line): Decided => {
      const excess = excessOf(line, exceeded);
      if (excess) return { line, decision: unknown(excess) };
      const match = matchOf(line, found, known);
      if (!match) return { line, decision: decideUnmatched(line) };
      if ('motif' in match) return { line, decision: settled(line) ?? unknown(match.motif) };
      const presentation = presented.get(match.presentationId)!;
      const row = payments.get(presentation.paymentId)!;
      const rejectedAt = rejections.get(presentation.id);
      const decision =
        faultOf(line, presentation) ??
        toldBefore(line, presentation, told) ??
        decideLine(row, { ...presentation, rejectedAt }, line);
      return { line, decision, presentation, by: match.by };
    });
  await settlePayments(
    tx,
    decided.flatMap(({ decision }) => (decision.next ? [decision.next] : [])),
  );
  await markReturned(tx, decided);
  await keepFees(tx, decided.flatMap(feeOf));
  const recorded = decided.map(({ line, decision: { issue, motif }, presentation, by = '' }): Recorded => ({
    ...{ rang: line.rang, issue, motif, ...UNMATCHED },
    ...(presentation && {
      ...{ appariePar: by, presentationId: presentation.id, paymentId: presentation.paymentId },
    }),
  }));
  for (const line of batch.filter(isRest)) {
    const outcome = (await applyRest(tx, line)) ?? { issue: '', motif: '' };
    recorded.push({ rang: line.rang, ...outcome, ...UNMATCHED });
  }
  return recorded.sort((one, other) => one.rang - other.rang);
}

/** What lines may refer to: matches by reference, candidates by mandate, and all attempts among them. */
type Found = { matches: Map<number, Match>; candidates: Map<number, Candidates>; ids: string[] };

async function find(tx: Tx, reportId: string, staged: Staged[]): Promise<Found> {
  const unfolded = staged.filter(({ presentationId }) => presentationId !== '');
  const others = staged.filter(({ presentationId }) => presentationId === '');
  const matches = await matchByName(tx, others);
  for (const { rang, presentationId, appariePar } of unfolded) {
    matches.set(rang, { presentationId, by: appariePar });
  }
  const candidates = await candidatesByMandate(
    tx,
    reportId,
    others.filter(({ rang }) => !matches.has(rang)),
  );
  const named = [...matches.values()].flatMap((match) => ('motif' in match ? [] : [match.presentationId]));
  const byMandate = [...candidates.values()].flatMap(({ presentationIds }) => presentationIds);
  return { matches, candidates, ids: [...new Set([...named, ...byMandate])] };
}

function matchOf(line: Staged, { matches, candidates }: Found, known: Known): Match | undefined {
  const asked = candidates.get(line.rang);
  return matches.get(line.rang) ?? (asked && chooseByMandate(line, asked, known));
}

/**
 * Stops before the second line about the same payment: it is for the next batch, which sees the result of the
 * first. Lines about no payment of ours may repeat.
 */
function upToRepeated(
  staged: Staged[],
  { matches, candidates }: Found,
  presented: Map<string, Presentation>,
): Staged[] {
  const seen = new Set<string>();
  const repeated = staged.findIndex(({ rang }) => {
    const match = matches.get(rang);
    const named = match && !('motif' in match) ? [match.presentationId] : [];
    const asked = candidates.get(rang);
    // if several lines ask for the same attempt, none of them gets it
    const ids = [...named, ...(asked && asked.rivals === 1 ? asked.presentationIds : [])];
    const payments = new Set(ids.map((id) => presented.get(id)!.paymentId));
    const again = [...payments].some((id) => seen.has(id));
    payments.forEach((id) => seen.add(id));
    return again;
  });
  return repeated < 0 ? staged : staged.slice(0, repeated);
}

/** Lines that are not final change nothing, whatever they refer to. */
const settled = (line: Staged): Outcome | undefined =>
  line.etat === EtatRapporte.TRANSACTION_INFORMATION ? decideUnmatched(line) : undefined;

/** Why a line cannot be about the attempt that it names: the currency or the amount. */
function faultOf(line: Staged, { montant }: Presentation): Outcome | undefined {
  if (line.etat === EtatRapporte.TRANSACTION_INFORMATION) return undefined;
  if (line.devise !== 'EUR') return unknown(`another currency: ${line.devise}`);
  const ofDebit = line.etat !== EtatRapporte.TRANSACTION_FRAIS;
  if (!ofDebit || line.montant === null || [line.montant, line.montantNet].includes(montant))
    return undefined;
  return unknown([`another amount: ${montant} cents were presented`, line.motif].filter(Boolean).join('; '));
}

/**
 * A fact that was told before. If one account report has it in two bookings, there may be two facts, so a
 * person decides.
 */
function toldBefore(
  line: Staged,
  { id }: Presentation,
  told: Map<string, FactBefore[]>,
): Outcome | undefined {
  const facts = told.get(keyOf({ ...line, presentationId: id })) ?? [];
  const isOtherBooking = ({ reportId, reference }: FactBefore) =>
    reportId === line.reportId && reference !== '' && line.reference !== '' && reference !== line.reference;
  if (line.sens !== '' && facts.some(isOtherBooking)) {
    return unknown('the report has booked the same twice, under two references of the bank');
  }
  return facts[0] && { issue: facts[0].issue, motif: 'told before' };
}

type Decided = { line: Staged; decision: Decision; presentation?: Presentation; by?: string };

/** The charge that comes with a line, or that the line is. */
function feeOf({ line, decision, presentation }: Decided): BankFee[] {
  if (!presentation) return [];
  const { etat, motif, survenuAt: at, montant, frais, devise } = line;
  // if it is as high as the debit, it may be a return
  const inWords =
    etat === EtatRapporte.TRANSACTION_INDETERMINEE &&
    motif === CHARGE_IN_WORDS &&
    devise === 'EUR' &&
    montant !== null &&
    montant < presentation.montant;
  const cents =
    decision.issue === 'FRAIS' || inWords
      ? montant
      : decision.issue === 'CONFIRME' || decision.issue === 'REJETE'
        ? frais
        : null;
  const { paymentId, tentative } = presentation;
  return cents && cents > 0n ? [{ paymentId, tentative, montant: cents, at }] : [];
}

/**
 * Locks the payments of these attempts in order of their ids, as all code does, so that no deadlock arises.
 */
async function lockPayments(tx: Tx, ids: string[]): Promise<Map<string, PaymentRow>> {
  const locked = await tx.$queryRaw<{ id: string }[]>`
    SELECT id FROM payments.payments
    WHERE id IN (SELECT payment_id FROM payments.presentations WHERE id = ANY(${ids}))
    ORDER BY id FOR UPDATE`;
  const rows = await tx.payment.findMany({ where: { id: { in: locked.map(({ id }) => id) } } });
  return new Map(rows.map((row) => [row.id, row]));
}

async function presentationsOf(tx: Tx, ids: string[]): Promise<Map<string, Presentation>> {
  const rows = await tx.presentation.findMany({ where: { id: { in: ids } } });
  return new Map(rows.map((one) => [one.id, one]));
}

/**
 * Marks attempts as returned, also if their payment was rejected before (by a person, say) and does not
 * change: the mandate counts as used, and a collection that is reported later is older than the return.
 */
async function markReturned(tx: Tx, decided: Decided[]): Promise<void> {
  const ids = decided.flatMap(({ decision, presentation }) =>
    presentation && decision.returned ? [presentation.id] : [],
  );
  if (ids.length === 0) return;
  await tx.presentation.updateMany({ where: { id: { in: ids } }, data: { retournee: true } });
}

/** Stores the results of lines, and moves the mark of the report. */
async function record(tx: Tx, reportId: string, recorded: Recorded[], appliquees: number): Promise<void> {
  await tx.$executeRaw`
    UPDATE payments.report_transactions t
    SET issue = r.issue, motif = r.motif, apparie_par = r."appariePar", presentation_id = r."presentationId",
      payment_id = r."paymentId"
    FROM jsonb_to_recordset(${JSON.stringify(recorded)}::jsonb) AS r(rang int, issue text, motif text,
      "appariePar" text, "presentationId" text, "paymentId" text)
    WHERE t.report_id = ${reportId} AND t.rang = r.rang`;
  const count = (issue: Outcome['issue']) => ({
    increment: recorded.filter((one) => one.issue === issue).length,
  });
  await tx.bankReport.update({
    where: { id: reportId },
    data: {
      ...{ appliquees, confirmes: count('CONFIRME'), rejetes: count('REJETE'), inconnus: count('INCONNU') },
      ...{ frais: count('FRAIS'), informations: count('INFORMATION'), autres: count('AUTRE') },
    },
  });
}

async function finish(tx: Tx, reportId: string): Promise<void> {
  // a block was replaced by the lines of its debits
  const transactions = await tx.reportTransaction.count({ where: { reportId } });
  await tx.bankReport.update({
    where: { id: reportId },
    data: { transactions, statut: StatutRapport.IMPORTE, importeAt: new Date() },
  });
}
