import type { Tx } from '@crm/db';
import { EtatRapporte } from '@crm/proto/payments/payments';
import { decideUnmatched, type Outcome } from './decide-line.ts';
import type { Staged } from './facts-before.ts';
import { restOfEntry } from './rest-of-entry.ts';

/**
 * Whether a line stands for the rest of an entry whose transactions have no amounts. `somme` is the entry's
 * amount. `montant` becomes the sum of the debits once one of them is applied, and in the end the rest.
 */
export const isRest = ({ portee, somme }: Staged): boolean => portee === 'entry' && somme !== null;

/** Whether a transaction of an account has no amount of its own: only its debit has one. */
const saysNoAmount = ({ portee, montant, sens }: Staged): boolean =>
  portee === 'attempt' && montant === null && sens !== '';

const toldOf = ({ sens, somme, montant, montantNet, frais }: Staged) => {
  const ofEntry = montantNet === null ? 0n : somme! - montantNet;
  return {
    ...{ sens, total: somme!, told: montant!, charges: frais ?? 0n },
    ofEntry: ofEntry < 0n ? -ofEntry : ofEntry,
  };
};

/** Whether the debits of an entry come to more than the entry, without charges that explain it. */
function isExceeded(line: Staged): boolean {
  const rest = restOfEntry(toldOf(line));
  return line.montant! > line.somme! && rest !== undefined && !rest.charge;
}

/**
 * Finds the entries whose transactions without an amount name debits of more than the entry. Each entry is
 * summed up once, over all the debits that its transactions name, whatever their results.
 */
export async function exceededEntries(tx: Tx, reportId: string, lines: Staged[]): Promise<Set<number>> {
  const groupes = [
    ...new Set(lines.filter((line) => saysNoAmount(line) || isRest(line)).map(({ groupe }) => groupe)),
  ];
  if (groupes.length === 0) return new Set();
  await tx.$executeRaw`
    UPDATE payments.report_transactions e
    SET montant = coalesce((
      SELECT sum(CASE WHEN t.sens = e.sens THEN 1 ELSE -1 END * coalesce(t.montant, CASE
        WHEN t.devise <> 'EUR' OR t.etat IN (${EtatRapporte.TRANSACTION_FRAIS}, ${EtatRapporte.TRANSACTION_INDETERMINEE})
          OR by_end.id <> by_instr.id THEN 0
        ELSE coalesce(by_end.montant, by_instr.montant, 0) END))
      FROM payments.report_transactions t
      LEFT JOIN payments.presentations by_end ON by_end.id = lower(t.end_to_end_id)
      LEFT JOIN payments.presentations by_instr ON by_instr.id = lower(t.instr_id)
      WHERE t.report_id = e.report_id AND t.groupe = e.groupe AND t.portee = 'attempt'
        AND t.apparie_par NOT IN ('BLOC', 'FICHIER')), 0)
    WHERE e.report_id = ${reportId} AND e.groupe = ANY(${groupes}) AND e.portee = 'entry' AND e.somme IS NOT NULL
      AND e.montant IS NULL`;
  const entries = await tx.reportTransaction.findMany({
    where: { reportId, groupe: { in: groupes }, portee: 'entry', somme: { not: null } },
  });
  return new Set(entries.filter(isExceeded).map(({ groupe }) => groupe));
}

/**
 * Why a transaction without an amount is left to a person, because its entry is exceeded; undefined if it is
 * not.
 */
export const excessOf = (line: Staged, exceeded: Set<number>): string | undefined =>
  saysNoAmount(line) && line.etat !== EtatRapporte.TRANSACTION_INFORMATION && exceeded.has(line.groupe)
    ? 'it says no amount, and the debits that its entry names are of more than the entry'
    : undefined;

/**
 * Decides about the line for the rest of an entry. It is deleted if nothing is left, or if an unknown block
 * stands for it.
 */
export async function applyRest(tx: Tx, staged: Staged): Promise<Outcome | undefined> {
  const { reportId, rang, groupe } = staged;
  const where = { reportId_rang: { reportId, rang } };
  const line = await tx.reportTransaction.findUniqueOrThrow({ where });
  const [others] = await tx.$queryRaw<{ said: bigint; unfolded: bigint; blocks: number }[]>`
    SELECT coalesce(sum(c.cents) FILTER (WHERE NOT c.whole), 0)::bigint AS said,
      coalesce(sum(c.cents) FILTER (WHERE c.whole), 0)::bigint AS unfolded,
      count(*) FILTER (WHERE c.whole AND c.cents IS NULL)::int AS blocks
    FROM (
      SELECT CASE WHEN t.sens = ${line.sens} THEN 1 ELSE -1 END * t.montant AS cents,
        t.portee = 'block' OR t.apparie_par IN ('BLOC', 'FICHIER') AS whole
      FROM payments.report_transactions t
      WHERE t.report_id = ${reportId} AND t.groupe = ${groupe} AND t.rang <> ${rang}) c`;
  const final = line.etat !== EtatRapporte.TRANSACTION_INFORMATION;
  // the amounts of transactions that were left to a person are unknown
  const listed = final && isExceeded(line) ? others!.said : line.montant!;
  const rest = restOfEntry({ ...toldOf(line), told: listed + others!.unfolded });
  if (!rest || others!.blocks > 0) {
    await tx.reportTransaction.delete({ where });
    return undefined;
  }
  const etat =
    rest.charge && line.etat === EtatRapporte.TRANSACTION_INDETERMINEE
      ? EtatRapporte.TRANSACTION_FRAIS
      : line.etat;
  const { montant, sens } = rest;
  await tx.reportTransaction.update({
    where,
    data: { etat, montant, sens, somme: null, montantNet: null, frais: null },
  });
  return decideUnmatched({ ...line, etat });
}
