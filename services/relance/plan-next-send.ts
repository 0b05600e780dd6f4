import type { Db } from '@crm/db';
import { StatutRelance } from '@crm/proto/relance/relance';
import { hasEnded, nextLevel, type State } from './apply-action.ts';
import { nextSendTime, startOfDay } from './next-send-time.ts';
import type { OpenDays } from './open-days.ts';

/** Whose reminders keep their distance from each other. */
export type Whose = { organisationId: string; clientId: string };

/**
 * Which level comes next, and when it is sent, from now on: the instant that is stored, answered, and slept until by
 * the workflow. It is that at which the level is due (`due-at.ts`), or the end of a pause, moved to opening hours and
 * away from the client's last reminder (`next-send-time.ts`).
 * @returns level 0 where none comes, and no instant; nor is there one while no end of a pause is known
 */
export async function planNextSend(
  db: Db,
  state: State,
  whose: Whose,
  openDays: OpenDays,
): Promise<{ prochainNiveau: number; prochaineAt: Date | null }> {
  const level = hasEnded(state) ? undefined : nextLevel(state);
  if (!level) return { prochainNiveau: 0, prochaineAt: null };
  const { niveau: prochainNiveau } = level;
  const isPaused = state.statut === StatutRelance.EN_PAUSE;
  if (isPaused && !state.pauseJusquAu) return { prochainNiveau, prochaineAt: null };
  const from = isPaused ? startOfDay(state.pauseJusquAu).getTime() : 0;
  const wished = new Date(Math.max(level.dueAt!.getTime(), from, Date.now()));
  const { organisationId, clientId } = whose;
  const last = await db.dernierEnvoi.findUnique({
    where: { organisationId_clientId: { organisationId, clientId } },
  });
  const prochaineAt = await nextSendTime(wished, level, last?.dernierAt, openDays(organisationId));
  return { prochainNiveau, prochaineAt };
}
