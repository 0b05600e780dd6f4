import { isDone, plannedLevel, type State } from './apply-action.ts';
import type { InvoiceDates } from './due-at.ts';
import type { Held } from './held-back.ts';
import { replanLevels } from './migrate-levels.ts';
import { nextSendTime, type NextOpenDay } from './next-send-time.ts';
import { nextSend, turnOf, type NextSend } from './plan-next-send.ts';
import { mergedPurpose, underWayOf } from './under-way.ts';

/** The longest time until the end of a hold is noticed without a signal. */
export const LOOK_AGAIN_MS = 3_600_000;

/**
 * `isOwnTurn`: the client's last turn belongs to a level that is still to come, so its mail may be out
 * without a record. `waiting`: the level that is due and held back; 0: none.
 */
type Plan = Pick<State, 'niveaux'> & NextSend & { isOwnTurn: boolean; waiting: number };

/**
 * Plans reminders by the current state: levels by the invoice's due date, and of the due ones the one to
 * send. What holds them back until a known instant moves them there. Otherwise a due level is checked again an hour
 * later.
 * @param turn the client's last reminder, for any invoice
 */
export async function currentPlan(
  row: State & { id: string; envoiEnCours?: string },
  { invoice, attente, attenteFinAt, surAccord, now, turn, nextOpenDay }: Truth,
): Promise<Plan> {
  const niveaux = invoice ? replanLevels(row.niveaux, invoice) : row.niveaux;
  const underWay = underWayOf({ ...row, niveaux });
  const taken = niveaux.find((level) => !isDone(level) && turn?.envoi === turnOf(row, level.niveau));
  const isMergedTurn = underWay?.groupe ? turn?.envoi === mergedPurpose(underWay.groupe) : false;
  const isOwnTurn = taken !== undefined || isMergedTurn;
  // a level that has the turn keeps no distance from itself
  const lastSentAt = () => Promise.resolve(isOwnTurn ? undefined : turn?.dernierAt);
  const begun = underWay?.niveau ?? taken?.niveau ?? 0;
  const from = (at: Date) => nextSend({ ...row, niveaux }, { now: at, lastSentAt, nextOpenDay, begun });
  const next = await from(now);
  const level = plannedLevel({ niveaux, ...next });
  const isDue = next.prochaineAt !== null && next.prochaineAt <= now;
  const plan = {
    niveaux,
    isOwnTurn,
    waiting: attente && isDue ? next.prochainNiveau : 0,
  };
  if (!attente || !level || !next.prochaineAt) return { ...plan, ...next };
  // who is asked before each level is asked when it is due
  if (attenteFinAt && attenteFinAt > now && (isDue || !surAccord))
    return { ...plan, ...(await from(attenteFinAt)) };
  if (!isDue) return { ...plan, ...next };
  const later = new Date(now.getTime() + LOOK_AGAIN_MS);
  return { ...plan, ...next, prochaineAt: await nextSendTime(later, level, undefined, nextOpenDay) };
}

type Truth = Pick<Held, 'attente'> &
  Partial<Held> & {
    /** The invoice as it is now. Absent: unknown. */
    invoice: InvoiceDates | undefined;
    now: Date;
    turn: { envoi: string; dernierAt: Date } | null | undefined;
    nextOpenDay: NextOpenDay;
  };
