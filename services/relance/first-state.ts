import { NiveauRelance, StatutRelance } from '@crm/proto/relance/relance';
import type { State } from './apply-action.ts';
import { dueAt, type InvoiceDates, type Level } from './due-at.ts';
import type { NextOpenDay } from './next-send-time.ts';
import { usualTimes } from './usual-times.ts';

/** Why a level of an adopted invoice is skipped. */
const BEFORE_ADOPTION = 'antérieur à la reprise';

/**
 * The initial state of reminders. For an adopted invoice, levels whose usual time had passed are skipped; if all had
 * passed, the reminders have ended.
 */
export async function firstState(
  levels: Level[],
  invoice: InvoiceDates,
  adopteeAt: Date | undefined,
  nextOpenDay: NextOpenDay,
): Promise<State> {
  const due = levels.map((level) => NiveauRelance.fromPartial({ ...level, dueAt: dueAt(level, invoice) }));
  const open = { statut: StatutRelance.EN_ATTENTE, pauseJusquAu: '', motifFin: '', cycle: 1 };
  if (!adopteeAt) return { ...open, niveaux: due };
  const envois = await usualTimes(levels, invoice, nextOpenDay);
  const niveaux = due.map((level, index) =>
    envois[index]!.datePrevue <= adopteeAt ? { ...level, motifSaut: BEFORE_ADOPTION } : level,
  );
  const isOver = niveaux.every(({ motifSaut }) => motifSaut);
  if (!isOver) return { ...open, niveaux };
  const motifFin = `tous les niveaux sont ${BEFORE_ADOPTION.replace('antérieur', 'antérieurs')}`;
  return { ...open, niveaux, statut: StatutRelance.ACHEVEE, motifFin };
}
