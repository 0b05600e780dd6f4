import { startOfDay } from '@crm/domain';
import type { Db } from '@crm/db';
import { StatutRelance } from '@crm/proto/relance/relance';
import { hasEnded, nextLevel, type State } from './apply-action.ts';
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
 * As planNextSend, without a database: the instant at which the level is due (`due-at.ts`), or the end of a
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

/** What a plan depends on besides the reminders themselves. */
export type Surroundings = {
  now: Date;
  /** When the client got the last reminder, for any invoice. */
  lastSentAt: () => Promise<Date | undefined>;
  nextOpenDay: NextOpenDay;
};
