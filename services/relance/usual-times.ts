import { dueAt, type InvoiceDates, type Level } from './due-at.ts';
import { nextSendTime, type NextOpenDay } from './next-send-time.ts';

/**
 * When levels go out if each is in its time: when it is due, moved to opening hours, and at its spacing from the level
 * before. For invoices from before Suivi: what was due before they came is not sent. In order of levels.
 */
export async function usualTimes(
  levels: Level[],
  invoice: InvoiceDates,
  nextOpenDay: NextOpenDay,
): Promise<(Pick<Level, 'niveau' | 'modele' | 'canal'> & { datePrevue: Date })[]> {
  const envois = [];
  let last: Date | undefined;
  for (const level of levels) {
    last = await nextSendTime(dueAt(level, invoice), level, last, nextOpenDay);
    const { niveau, modele, canal } = level;
    envois.push({ niveau, modele, canal, datePrevue: last });
  }
  return envois;
}
