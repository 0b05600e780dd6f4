import type { Db } from '@crm/db';
import { StatutRelance } from '@crm/proto/relance/relance';
import { hasEnded, nextLevel, type State } from './apply-action.ts';
import { nextSendTime, startOfDay, type NextOpenDay } from './next-send-time.ts';
import type { OpenDays } from './open-days.ts';

/** Whose reminders keep their distance from each other. */
export type Whose = { organisationId: string; clientId: string };

/** A level, and when it is sent. Level 0 where none comes; no instant then, nor while no end of a pause is known. */
export type NextSend = { prochainNiveau: number; prochaineAt: Date | null };

/**
 * Which level comes next, and when it is sent, from now on: the instant that is stored, answered, and slept until by
 * the workflow.
 */
export async function planNextSend(
  db: Db,
  state: State,
  whose: Whose,
  openDays: OpenDays,
): Promise<NextSend> {
  const lastSentAt = async () => (await lastTurn(db, whose))?.dernierAt;
  return await nextSend(state, { now: new Date(), lastSentAt, nextOpenDay: openDays(whose.organisationId) });
}

/** The client's last reminder, whichever invoice's. */
export const lastTurn = (db: Db, { organisationId, clientId }: Whose) =>
  db.dernierEnvoi.findUnique({ where: { organisationId_clientId: { organisationId, clientId } } });

/** The last reminders to the clients of a page, read at once. */
export async function lastTurns(db: Db, page: Whose[]) {
  const turns = await db.dernierEnvoi.findMany({
    where: { OR: page.map(({ organisationId, clientId }) => ({ organisationId, clientId })) },
  });
  return ({ organisationId, clientId }: Whose) =>
    turns.find((turn) => turn.organisationId === organisationId && turn.clientId === clientId);
}

/** What a client's turn says of whose it is. */
export const turnOf = ({ id, cycle }: { id: string; cycle: number }, niveau: number): string =>
  `${id}/${niveau}/${cycle}`;

/**
 * The same of reminders wherever they are kept: the instant at which the level is due (`due-at.ts`), or the end of a
 * pause, moved to opening hours and away from the client's last reminder (`next-send-time.ts`).
 */
export async function nextSend(
  state: State,
  { now, lastSentAt, nextOpenDay }: Surroundings,
): Promise<NextSend> {
  const level = hasEnded(state) ? undefined : nextLevel(state);
  if (!level) return { prochainNiveau: 0, prochaineAt: null };
  const { niveau: prochainNiveau } = level;
  const isPaused = state.statut === StatutRelance.EN_PAUSE;
  if (isPaused && !state.pauseJusquAu) return { prochainNiveau, prochaineAt: null };
  const from = isPaused ? startOfDay(state.pauseJusquAu).getTime() : 0;
  const wished = new Date(Math.max(level.dueAt!.getTime(), from, now.getTime()));
  return { prochainNiveau, prochaineAt: await nextSendTime(wished, level, await lastSentAt(), nextOpenDay) };
}

/** What a plan depends on beside the reminders themselves. */
export type Surroundings = {
  now: Date;
  /** Of the client's last reminder, whichever invoice's. */
  lastSentAt: () => Promise<Date | undefined>;
  nextOpenDay: NextOpenDay;
};
