import { startOfDay } from '@crm/domain';
import type { Db } from '@crm/db';
import { StatutRelance } from '@crm/proto/relance/relance';
import { hasEnded, isDone, type State } from './apply-action.ts';
import { levelAt } from './level-at.ts';
import { nextSendTime, type NextOpenDay } from './next-send-time.ts';
import type { OpenDays } from './open-days.ts';

/** The client whose reminders keep their distance from each other. */
export type Whose = { organisationId: string; clientId: string };

/** The next level and its instant. Level 0: none. Without an instant: none, or paused without an end. */
export type NextSend = { prochainNiveau: number; prochaineAt: Date | null };

/** Plans the next level from now on. Its instant is stored and returned, and the workflow sleeps until it. */
export async function planNextSend(
  db: Db,
  state: State,
  whose: Whose,
  openDays: OpenDays,
): Promise<NextSend> {
  const lastSentAt = async () => (await lastTurn(db, whose))?.dernierAt;
  return await nextSend(state, { now: new Date(), lastSentAt, nextOpenDay: openDays(whose.organisationId) });
}

/** The client's last reminder, for any invoice. */
export const lastTurn = (db: Db, { organisationId, clientId }: Whose) =>
  db.dernierEnvoi.findUnique({ where: { organisationId_clientId: { organisationId, clientId } } });

/** The last reminders to several clients, read at once. */
export async function lastTurns(db: Db, page: Whose[]) {
  const turns = await db.dernierEnvoi.findMany({
    where: { OR: page.map(({ organisationId, clientId }) => ({ organisationId, clientId })) },
  });
  return ({ organisationId, clientId }: Whose) =>
    turns.find((turn) => turn.organisationId === organisationId && turn.clientId === clientId);
}

/** The key that a client's turn is stored under. */
export const turnOf = ({ id, cycle }: { id: string; cycle: number }, niveau: number): string =>
  `${id}/${niveau}/${cycle}`;

/**
 * As planNextSend, without a database: the instant at which a level is due (`due-at.ts`), or the end of a
 * pause, moved to opening hours and away from the client's last reminder (`next-send-time.ts`); and which level
 * it is, if several are due by then (`level-at.ts`).
 */
export async function nextSend(
  state: State,
  { now, lastSentAt, nextOpenDay, begun }: Surroundings,
): Promise<NextSend> {
  const open = hasEnded(state) ? [] : state.niveaux.filter((level) => !isDone(level));
  if (!open[0]) return { prochainNiveau: 0, prochaineAt: null };
  const isPaused = state.statut === StatutRelance.EN_PAUSE;
  if (isPaused && !state.pauseJusquAu) return { prochainNiveau: open[0].niveau, prochaineAt: null };
  const from = isPaused ? startOfDay(state.pauseJusquAu).getTime() : 0;
  const last = await lastSentAt();
  let level = open[0];
  for (;;) {
    const wished = new Date(Math.max(level.dueAt!.getTime(), from, now.getTime()));
    const prochaineAt = await nextSendTime(wished, level, last, nextOpenDay);
    const inItsPlace = await levelAt(state.niveaux, prochaineAt, nextOpenDay, begun);
    // one with other opening hours may go out sooner: it stays the later one
    if (!inItsPlace || open.indexOf(inItsPlace) <= open.indexOf(level))
      return { prochainNiveau: level.niveau, prochaineAt };
    level = inItsPlace;
  }
}

/** What a plan depends on besides the reminders themselves. */
export type Surroundings = {
  now: Date;
  /** When the client got the last reminder, for any invoice. */
  lastSentAt: () => Promise<Date | undefined>;
  nextOpenDay: NextOpenDay;
  /** The level whose mail may be out without anyone having recorded it. */
  begun?: number;
};
