import type { NiveauRelance } from '@crm/proto/relance/relance';
import { isDone } from './apply-action.ts';
import { nextSendTime, type NextOpenDay } from './next-send-time.ts';

/**
 * Decides which level is sent at an instant, when several are due. Each level has a usual time: when it is due, moved to
 * opening hours, and at its spacing from the level before. A level is passed over when the usual time of the next one has
 * come. So a weekend, closing days or some hours of outage only delay a level; an outage of weeks, a long pause, or an
 * invoice that came late pass it over.
 *
 * A level that a person asked for is never passed over, and neither is a level whose mail may be out already.
 * @param niveaux all levels of the invoice, done or not
 * @param begun the level whose turn was taken: its mail may be out without anyone having recorded it; 0: none
 * @returns undefined where every level is done
 */
export async function levelAt(
  niveaux: NiveauRelance[],
  at: Date,
  nextOpenDay: NextOpenDay,
  begun = 0,
): Promise<NiveauRelance | undefined> {
  const open = niveaux.filter((level) => !isDone(level));
  let last = lastSentAt(niveaux);
  for (const [index, level] of open.entries()) {
    const later = open[index + 1];
    if (!later || later.dueAt! > at || level.demandee || level.niveau === begun) return level;
    last = await nextSendTime(level.dueAt!, level, last, nextOpenDay);
    if ((await nextSendTime(later.dueAt!, later, last, nextOpenDay)) > at) return level;
  }
  return undefined;
}

/** When the last sent level was sent. */
const lastSentAt = (niveaux: NiveauRelance[]): Date | undefined =>
  niveaux
    .flatMap(({ envoyeeAt }) => (envoyeeAt ? [envoyeeAt] : []))
    .reduce<Date | undefined>((last, at) => (last && last > at ? last : at), undefined);
