import { isDone, type State } from './apply-action.ts';
import type { InvoiceDates } from './due-at.ts';
import { replanLevels } from './migrate-levels.ts';
import { nextSendTime, type NextOpenDay } from './next-send-time.ts';
import { nextSend, turnOf, type NextSend } from './plan-next-send.ts';

/** The longest time until the end of a hold is noticed without a signal. */
const LOOK_AGAIN_MS = 3_600_000;

/**
 * `isOwnTurn`: the client's last turn belongs to a level that is still to come, so its mail may be out
 * without a record.
 */
type Plan = Pick<State, 'niveaux'> & NextSend & { isOwnTurn: boolean };

/**
 * Plans reminders by the current state: levels by the invoice's due date, and of the due ones the one to
 * send. While something holds them back, a due level is checked again an hour later.
 * @param turn the client's last reminder, for any invoice
 */
export async function currentPlan(
  row: State & { id: string },
  { invoice, attente, now, turn, nextOpenDay }: Truth,
): Promise<Plan> {
  const niveaux = invoice ? replanLevels(row.niveaux, invoice) : row.niveaux;
  const taken = niveaux.find((level) => !isDone(level) && turn?.envoi === turnOf(row, level.niveau));
  // a level that has the turn keeps no distance from itself
  const lastSentAt = () => Promise.resolve(taken ? undefined : turn?.dernierAt);
  const isOwnTurn = taken !== undefined;
  const next = await nextSend(
    { ...row, niveaux },
    { now, lastSentAt, nextOpenDay, begun: taken?.niveau ?? 0 },
  );
  const level = niveaux.find(({ niveau }) => niveau === next.prochainNiveau);
  if (!attente || !level || !next.prochaineAt || next.prochaineAt > now)
    return { niveaux, isOwnTurn, ...next };
  const later = new Date(now.getTime() + LOOK_AGAIN_MS);
  const prochaineAt = await nextSendTime(later, level, undefined, nextOpenDay);
  return { niveaux, isOwnTurn, ...next, prochaineAt };
}

type Truth = {
  /** The invoice as it is now. Absent: unknown. */
  invoice: InvoiceDates | undefined;
  attente: string;
  now: Date;
  turn: { envoi: string; dernierAt: Date } | null | undefined;
  nextOpenDay: NextOpenDay;
};
