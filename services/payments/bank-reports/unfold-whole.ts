import { sql, type Tx } from '@crm/db';
import { EtatRapporte } from '@crm/proto/payments/payments';
import { decideUnmatched, unknown, type Outcome } from './decide-line.ts';
import type { Staged } from './facts-before.ts';
import { isReference } from './is-reference.ts';
import { fileIdOf } from '../debits/message-id.ts';

/** The number of lines that replace a block in one go. */
const BATCH = 500;

/** Whether a line covers a block or a file, and so all of its debits. */
export const isWhole = ({ portee }: Pick<Staged, 'portee'>): boolean =>
  portee === 'block' || portee === 'file';

/** What can be true of every debit of a block. */
const OF_EACH = new Set<string>([
  ...[EtatRapporte.TRANSACTION_ENCAISSEE, EtatRapporte.TRANSACTION_REJETEE],
  EtatRapporte.TRANSACTION_RETOURNEE,
]);

/** A presented block or file, and how much of it the report names. */
type Presented = {
  condition: ReturnType<typeof sql>;
  by: 'BLOC' | 'FICHIER';
  nombre: number;
  somme: bigint;
  /** The debits that other lines of the report name. */
  told: number;
};

/**
 * Replaces the line of a block or file by a line for each of its debits, at the end of the report, some at a
 * time. Only if its own count and sum match what was presented. A block that gives neither and lists no
 * transaction counts as complete. Debits that the report names themselves are left out.
 * @returns the ranks of the new lines (none if every debit has its own line), or why the line stays as it is
 */
export async function unfoldWhole(tx: Tx, line: Staged): Promise<number[] | Outcome> {
  if (!OF_EACH.has(line.etat)) return decideUnmatched(line);
  if (line.devise !== 'EUR') return unknown(`another currency: ${line.devise}`);
  const blocks = await presentedOf(tx, line);
  if (blocks.length === 0) return unknown(`no ${line.portee} that was presented has this id`);
  const [fault, block] = faultless(line, blocks);
  if (fault) return unknown(fault);
  const silent = await silenceOf(tx, line, block!);
  if (silent) return unknown(silent);
  return await unfold(tx, line, block!);
}

/**
 * The lines of the report that may name a block's debits: those of the same entry; in a pain.002 those of the
 * whole file.
 */
const around = ({ reportId, groupe, sens }: Staged) =>
  sens === ''
    ? sql`t.report_id = ${reportId} AND t.portee = 'attempt'`
    : sql`t.report_id = ${reportId} AND t.portee = 'attempt' AND t.groupe = ${groupe}`;

/** The presented block and file that a line names: a bank may credit the blocks of a file as one. */
async function presentedOf(tx: Tx, line: Staged): Promise<Presented[]> {
  const { portee, blocId, messageId } = line;
  const ways = [
    { id: portee === 'block' ? blocId : '', by: 'BLOC', condition: sql`p.bloc_id = ${blocId.toLowerCase()}` },
    { id: messageId, by: 'FICHIER', condition: sql`p.file_id = ${fileIdOf(messageId)}` },
  ] as const;
  const found: Presented[] = [];
  for (const { id, by, condition } of ways) {
    // a block of a pain.002 also names its file, but does not cover all of it
    if (!isReference(id) || (by === 'FICHIER' && portee === 'block' && line.sens === '')) continue;
    const [sums] = await tx.$queryRaw<{ nombre: number; somme: bigint | null; told: number }[]>`
      SELECT count(*)::int AS nombre, sum(p.montant)::bigint AS somme, count(*) FILTER (WHERE EXISTS (
        SELECT 1 FROM payments.report_transactions t
        WHERE ${around(line)} AND t.presentation_id = p.id AND t.apparie_par NOT IN ('BLOC', 'FICHIER')))::int AS told
      FROM payments.presentations p WHERE ${condition}`;
    if (sums!.nombre > 0)
      found.push({ condition, by, nombre: sums!.nombre, somme: sums!.somme!, told: sums!.told });
  }
  return found;
}

/** The first block whose count and sum match the line, or why none matches. */
function faultless(line: Staged, blocks: Presented[]): [string, Presented | undefined] {
  const faults = blocks.map(({ nombre, somme }) => {
    if (line.nombre !== null && line.nombre !== nombre) {
      return `${nombre} debits were presented in it, the report says ${line.nombre}`;
    }
    if (line.somme !== null && line.somme !== somme) {
      return `${somme} cents were presented in it, the report says ${line.somme}`;
    }
    return '';
  });
  const at = faults.indexOf('');
  return at < 0 ? [faults[0]!, undefined] : ['', blocks[at]];
}

/** Why a block without a count cannot be complete; empty if it can. */
async function silenceOf(tx: Tx, line: Staged, { nombre, told }: Presented): Promise<string> {
  const [listed] = await tx.$queryRaw<{ lines: number; strange: number }[]>`
    SELECT count(*)::int AS lines,
      count(*) FILTER (WHERE t.presentation_id = '' AND t.etat <> ${line.etat})::int AS strange
    FROM payments.report_transactions t
    WHERE ${around(line)} AND t.apparie_par NOT IN ('BLOC', 'FICHIER')
      AND (${line.portee} = 'file' OR t.groupe = ${line.groupe})`;
  if (listed!.strange > 0)
    return 'it lists a debit with another fate that was not found among those presented';
  const counts = line.nombre !== null || line.somme !== null;
  if (counts || told === nombre || (listed!.lines === 0 && line.sens === '')) return '';
  return `it does not say of how many it is: ${nombre} debits were presented in it`;
}

async function unfold(tx: Tx, line: Staged, { condition, by }: Presented): Promise<number[]> {
  const rows = await tx.$queryRaw<{ rang: number }[]>`
    INSERT INTO payments.report_transactions (report_id, rang, ligne, groupe, portee, end_to_end_id, bloc_id, reference,
      etat, motif_rejet, survenu_at, montant, sens, extourne, apparie_par, presentation_id, payment_id)
    SELECT ${line.reportId},
      (SELECT max(rang) FROM payments.report_transactions WHERE report_id = ${line.reportId})
        + row_number() OVER (ORDER BY p.id),
      ${line.ligne}, ${line.groupe}, 'attempt', p.id, p.bloc_id, ${line.reference}, ${line.etat}, ${line.motifRejet},
      ${line.survenuAt}::timestamptz, p.montant, ${line.sens}, ${line.extourne}, ${by}, p.id, p.payment_id
    FROM payments.presentations p
    WHERE ${condition} AND NOT EXISTS (
      SELECT 1 FROM payments.report_transactions t WHERE ${around(line)} AND t.presentation_id = p.id)
    ORDER BY p.id LIMIT ${BATCH}
    RETURNING rang`;
  return rows.map(({ rang }) => rang);
}
