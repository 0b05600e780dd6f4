import { Calendrier } from '@crm/proto/calendar/calendar';
import { Temporal } from 'temporal-polyfill';
import { publicHolidays, type ClosingDay } from './public-holidays.ts';

/** The calendars that must be open, and an organisation's own closing days. */
export type OpenWhen = {
  /** Empty: FRANCE. */
  calendriers: Calendrier[];
  /** The organisation's own closing days. */
  own?: ClosingDay[];
};

const WEEKEND: Record<number, string> = { 6: 'samedi', 7: 'dimanche' };

/**
 * Why a day is closed, in French: "samedi", "Lundi de Pâques", the organisation's own text. A reason of two
 * calendars is given once; an open day has none.
 */
export function closingReasons(day: Temporal.PlainDate, { calendriers, own = [] }: OpenWhen): string[] {
  const date = day.toString();
  const publicDays = (calendriers.length > 0 ? calendriers : [Calendrier.FRANCE]).flatMap((calendrier) =>
    publicHolidays(calendrier, day.year),
  );
  const closed = [...publicDays, ...own].filter((closing) => closing.date === date);
  const weekend = WEEKEND[day.dayOfWeek];
  return [...new Set([...(weekend ? [weekend] : []), ...closed.map(({ libelle }) => libelle)])];
}
