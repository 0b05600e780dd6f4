import type { Tx } from '@crm/db';
import { dateInParis } from '@crm/domain';
import { EtatRapporte, StatutPaiement } from '@crm/proto/payments/payments';
import { Temporal } from 'temporal-polyfill';
import type { PaymentRow } from '../to-payment.ts';
import { keyOf, type FactBefore, type Staged } from './facts-before.ts';
import { isReference } from './is-reference.ts';

/** An attempt as it was presented. */
export type Presentation = NonNullable<Awaited<ReturnType<Tx['presentation']['findUnique']>>>;

/** Which attempt a line is of and by which reference, or why it is of none, in words. */
export type Match = { presentationId: string; by: string } | { motif: string };

/** The debits of its mandate and amount that a line which names no other reference may be of. */
export type Candidates = {
  presentationIds: string[];
  /** Lines of the report that ask for one of them, itself included. */
  rivals: number;
};

/** What may be found by its references: the rest is decided by what the file says. */
const isOther = (line: Staged): boolean => line.etat === EtatRapporte.TRANSACTION_AUTRE;

/**
 * The attempts that lines name by EndToEndId, else by InstrId, which is the same with us; whatever case a bank has put
 * them in: ours are in small letters. Of a line that names none of ours there is nothing here.
 */
export async function matchByName(tx: Tx, lines: Staged[]): Promise<Map<number, Match>> {
  const named = lines.filter((line) => !isOther(line) && line.portee === 'attempt');
  const ids = named.flatMap(({ endToEndId, instrId }) => [endToEndId, instrId]).filter(isReference);
  const found = await tx.presentation.findMany({
    where: { id: { in: [...new Set(ids.map((id) => id.toLowerCase()))] } },
    select: { id: true },
  });
  const known = new Set(found.map(({ id }) => id));
  const own = (id: string) => (known.has(id.toLowerCase()) ? id.toLowerCase() : undefined);
  const matches = new Map<number, Match>();
  for (const { rang, endToEndId, instrId } of named) {
    const [byEnd, byInstr] = [own(endToEndId), own(instrId)];
    if (byEnd && byInstr && byEnd !== byInstr) {
      matches.set(rang, { motif: 'its EndToEndId and its InstrId are of two debits' });
    } else if (byEnd) matches.set(rang, { presentationId: byEnd, by: 'END_TO_END_ID' });
    else if (byInstr) matches.set(rang, { presentationId: byInstr, by: 'INSTR_ID' });
  }
  return matches;
}

/** What a mandate can be asked for: facts, not charges, which are not of the debit's amount. */
const FACTS = new Set<string>([
  ...[EtatRapporte.TRANSACTION_ENCAISSEE, EtatRapporte.TRANSACTION_REJETEE],
  ...[EtatRapporte.TRANSACTION_RETOURNEE, EtatRapporte.TRANSACTION_RETABLIE],
]);
/** Banks book a day or a long weekend before the day of the collection, no more. */
const DAYS_BEFORE_COLLECTION = 5;

/**
 * Of lines that name a mandate and no debit: the debits of that amount that were presented by it and can have been booked
 * by then. A line that names a debit which is none of ours asks for none: it is another system's, under the same mandate.
 */
export async function candidatesByMandate(
  tx: Tx,
  reportId: string,
  lines: Staged[],
): Promise<Map<number, Candidates>> {
  const asking = lines.filter(
    ({ portee, etat, rum, montant, devise, endToEndId }) =>
      portee === 'attempt' &&
      FACTS.has(etat) &&
      rum &&
      montant !== null &&
      devise === 'EUR' &&
      !isReference(endToEndId),
  );
  const candidates = new Map<number, Candidates>();
  if (asking.length === 0) return candidates;
  const rows = await tx.$queryRaw<{ rang: number; id: string; collecte: string | null; rivals: number }[]>`
    SELECT t.rang, p.id, f.date_collecte AS collecte, (
      SELECT count(DISTINCT coalesce(nullif(r.reference, ''), r.rang::text))::int FROM payments.report_transactions r
      WHERE r.report_id = t.report_id AND r.rum <> '' AND lower(btrim(r.rum)) = lower(btrim(t.rum))
        AND r.portee = 'attempt' AND r.etat = t.etat AND r.montant = t.montant AND r.end_to_end_id = t.end_to_end_id
    ) AS rivals
    FROM payments.report_transactions t
    JOIN payments.mandates m ON lower(btrim(m.rum)) = lower(btrim(t.rum))
    JOIN payments.presentations p ON p.mandat_id = m.id AND p.montant IN (t.montant, t.montant_net)
    LEFT JOIN payments.bank_files f ON f.id = p.file_id
    WHERE t.report_id = ${reportId} AND t.rang = ANY(${asking.map(({ rang }) => rang)})`;
  const byRang = new Map(asking.map((line) => [line.rang, line]));
  for (const { rang, id, collecte, rivals } of rows) {
    if (!canBeBooked(byRang.get(rang)!, collecte)) continue;
    const { presentationIds } = candidates.get(rang) ?? { presentationIds: [] };
    candidates.set(rang, { presentationIds: [...presentationIds, id], rivals });
  }
  return candidates;
}

/** What is rejected may be so long before its day; nothing is booked then. */
function canBeBooked({ etat, survenuAt }: Staged, dateCollecte: string | null): boolean {
  if (etat === EtatRapporte.TRANSACTION_REJETEE || !survenuAt || !dateCollecte) return true;
  const first = Temporal.PlainDate.from(dateCollecte).subtract({ days: DAYS_BEFORE_COLLECTION });
  return dateInParis(survenuAt) >= first.toString();
}

/** What is known of the candidates, once their payments are locked. */
export type Known = {
  presented: Map<string, Presentation>;
  payments: Map<string, PaymentRow>;
  before: FactBefore[];
};

/**
 * The one debit of its mandate and amount that a line can be of. What another report told already is that fact, and not
 * the next debit's: where the bank's own references do not tell the two apart, a person does.
 */
export function chooseByMandate(line: Staged, { presentationIds, rivals }: Candidates, known: Known): Match {
  if (rivals > 1) return { motif: `${rivals} lines are of this mandate and amount, and name no debit` };
  const fitting = presentationIds.filter((id) => fits(line, id, known));
  const told = known.before.filter(
    (fact) =>
      presentationIds.includes(fact.presentationId) &&
      keyOf(fact) === keyOf({ ...line, presentationId: fact.presentationId }) &&
      // the same report says it once
      fact.reportId !== line.reportId,
  );
  const same = told.find(({ reference }) => reference !== '' && reference === line.reference);
  if (same) return { presentationId: same.presentationId, by: 'MANDAT' };
  const [maybe] = told.filter(({ reference }) => reference === '' || line.reference === '');
  if (maybe && fitting.length === 0) return { presentationId: maybe.presentationId, by: 'MANDAT' };
  if (maybe)
    return { motif: 'it names no debit, and one of this mandate and amount was told of that day before' };
  if (fitting.length === 1) return { presentationId: fitting[0]!, by: 'MANDAT' };
  return {
    motif: `${fitting.length || 'no'} debits of this mandate and amount can be meant, and it names none`,
  };
}

/** Whether what a line says can still happen to an attempt. */
function fits({ etat }: Staged, id: string, { presented, payments }: Known): boolean {
  const presentation = presented.get(id);
  const row = presentation && payments.get(presentation.paymentId);
  if (!row) return false;
  const atHand = row.tentative === presentation.tentative;
  if (etat === EtatRapporte.TRANSACTION_RETABLIE) {
    return presentation.retournee && row.statut !== StatutPaiement.ENCAISSE;
  }
  if (!atHand) return false;
  if (etat === EtatRapporte.TRANSACTION_ENCAISSEE) return row.statut === StatutPaiement.EMIS;
  return row.statut === StatutPaiement.EMIS || row.statut === StatutPaiement.ENCAISSE;
}
