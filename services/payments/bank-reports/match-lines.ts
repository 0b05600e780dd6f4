import type { Tx } from '@crm/db';
import { dateInParis } from '@crm/domain';
import { EtatRapporte, StatutPaiement } from '@crm/proto/payments/payments';
import { Temporal } from 'temporal-polyfill';
import type { PaymentRow } from '../to-payment.ts';
import { keyOf, type FactBefore, type Staged } from './facts-before.ts';
import { isReference } from './is-reference.ts';

/** A presented attempt. */
export type Presentation = NonNullable<Awaited<ReturnType<Tx['presentation']['findUnique']>>>;

/** The attempt of a line and how it was found, or in words why none was found. */
export type Match = { presentationId: string; by: string } | { motif: string };

/** The debits with a line's mandate and amount, for a line without another reference. */
export type Candidates = {
  presentationIds: string[];
  /** The number of lines in the report that ask for one of them, including this one. */
  rivals: number;
};

/** Whether a line is decided by the file alone, without references. */
const isOther = (line: Staged): boolean => line.etat === EtatRapporte.TRANSACTION_AUTRE;

/**
 * Finds the attempts that lines name by EndToEndId, or else by InstrId, which is the same in our files. Upper
 * and lower case are ignored, because banks change them. A line that names no attempt of ours is not in the
 * result.
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

/**
 * What a line must say to be matched by its mandate. Charges are excluded: their amount is not the debit's.
 */
const FACTS = new Set<string>([
  ...[EtatRapporte.TRANSACTION_ENCAISSEE, EtatRapporte.TRANSACTION_REJETEE],
  ...[EtatRapporte.TRANSACTION_RETOURNEE, EtatRapporte.TRANSACTION_RETABLIE],
]);
/** Banks book at most a long weekend before the collection day. */
const DAYS_BEFORE_COLLECTION = 5;

/**
 * For lines that name a mandate but no debit: the debits by that mandate, with that amount, that can have
 * been booked by then. A line that names a debit that is not ours gets none: it belongs to another system
 * with the same mandate.
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

/** A rejection may come that long before the collection day; a booking may not. */
function canBeBooked({ etat, survenuAt }: Staged, dateCollecte: string | null): boolean {
  if (etat === EtatRapporte.TRANSACTION_REJETEE || !survenuAt || !dateCollecte) return true;
  const first = Temporal.PlainDate.from(dateCollecte).subtract({ days: DAYS_BEFORE_COLLECTION });
  return dateInParis(survenuAt) >= first.toString();
}

/** What is known about the candidates once their payments are locked. */
export type Known = {
  presented: Map<string, Presentation>;
  payments: Map<string, PaymentRow>;
  before: FactBefore[];
};

/**
 * Chooses the only debit that a line can be about, by mandate and amount. If another report told the same
 * fact, it is that fact again and not the next debit. If the bank's references cannot tell the two apart, a
 * person decides.
 */
export function chooseByMandate(line: Staged, { presentationIds, rivals }: Candidates, known: Known): Match {
  if (rivals > 1) return { motif: `${rivals} lines are of this mandate and amount, and name no debit` };
  const fitting = presentationIds.filter((id) => fits(line, id, known));
  const told = known.before.filter(
    (fact) =>
      presentationIds.includes(fact.presentationId) &&
      keyOf(fact) === keyOf({ ...line, presentationId: fact.presentationId }) &&
      // within one report a fact is told once
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

/** Whether what a line says is still possible for an attempt. */
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
