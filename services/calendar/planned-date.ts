import { todayInParis } from '@crm/domain';
import { PlannedDate, type CalculatePlannedDateRequest } from '@crm/proto/calendar/calendar';
import { Temporal } from 'temporal-polyfill';
import { nextOpenDay } from './next-open-day.ts';
import type { ClosingDay } from './public-holidays.ts';

/** The date that a request wishes for, its delay included; without a date it counts from today in Paris. */
export const wishedDate = ({ date, delaiJours }: { date: string; delaiJours: number }): Temporal.PlainDate =>
  Temporal.PlainDate.from(date || todayInParis()).add({ days: delaiJours });

/**
 * The first open day from the wished date on, and its instant: the local hour in Paris, so an hour of another
 * distance from UTC in summer and in winter.
 * @param own the organisation's own closing days from the wished date on
 */
export function plannedDate(request: CalculatePlannedDateRequest, own: ClosingDay[]): PlannedDate {
  const wished = wishedDate(request);
  const { day, motifs } = nextOpenDay(wished, { calendriers: request.calendriers, own });
  const at = day.toZonedDateTime({ timeZone: 'Europe/Paris', plainTime: request.heure || '00:00' });
  return PlannedDate.fromPartial({
    dateSouhaitee: wished.toString(),
    datePrevue: day.toString(),
    instant: new Date(at.epochMilliseconds),
    motifs,
  });
}
