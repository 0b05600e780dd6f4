import type { Db } from '@crm/db';
import { addDays, dateInParis } from '@crm/domain';
import { type Methods } from '@crm/kit';
import { Calendrier } from '@crm/proto/calendar/calendar';
import type { RetryAdminServiceService } from '@crm/proto/retry/retry';
import type { OpenDays } from './open-days.ts';
import { daysAfterCollection, runNowAt, silenceFrom } from './plan-retry.ts';
import { readPolitique } from './politique.ts';
import { scheduleRow } from './schedules.ts';

type Planned = { prochaineAt: Date | null; politique: unknown };

/**
 * Returns when an attempt that is submitted now is collected: on the T2 day after the submission. An attempt
 * that is a day late because of an outage counts as submitted now.
 */
export const planCollecte =
  (db: Db, openDays: OpenDays): Methods<typeof RetryAdminServiceService>['planCollecte'] =>
  async ({ id, dateCollecte }) =>
    await collecteOf(await scheduleRow(db, id), dateCollecte, openDays, new Date());

/**
 * The same computation without a database.
 * @param known the collection date, if it is known already; else ""
 */
export async function collecteOf(
  { prochaineAt, politique }: Planned,
  known: string,
  openDays: OpenDays,
  now: Date,
): Promise<{ dateCollecte: string; silenceAt: Date }> {
  const submittedOn = async (): Promise<string> => {
    const today = dateInParis(now);
    if (prochaineAt && dateInParis(prochaineAt) >= today) return dateInParis(prochaineAt);
    const openFrom = await openDays([today, addDays(today, 1)]);
    return dateInParis(runNowAt(now, readPolitique(politique).heureLimite, openFrom));
  };
  const nextT2Day = async (): Promise<string> => {
    const after = addDays(await submittedOn(), 1);
    return (await openDays([after], [Calendrier.T2]))(after);
  };
  const dateCollecte = known || (await nextT2Day());
  const openFrom = await openDays(daysAfterCollection(dateCollecte));
  return { dateCollecte, silenceAt: silenceFrom(dateCollecte, openFrom) };
}
