import { instantInParis, todayInParis } from '@crm/domain';
import { PlannedDate, type CalculatePlannedDateRequest } from '@crm/proto/calendar/calendar';
import { Temporal } from 'temporal-polyfill';
import { nextOpenDay } from './next-open-day.ts';
import type { ClosingDay } from './public-holidays.ts';

/** The requested date plus its delay. If omitted, it counts from today in Paris. */
export const wishedDate = ({ date, delaiJours }: { date: string; delaiJours: number }): Temporal.PlainDate =>
  Temporal.PlainDate.from(date || todayInParis()).add({ days: delaiJours });

/**
 * The first open day on or after the requested date, and its instant at the local hour in Paris (summer time
 * included).
 * @param own the organisation's closing days from the requested date on
 */
export function plannedDate(request: CalculatePlannedDateRequest, own: ClosingDay[]): PlannedDate {
  const wished = wishedDate(request);
  const { day, motifs } = nextOpenDay(wished, { calendriers: request.calendriers, own });
  return PlannedDate.fromPartial({
    dateSouhaitee: wished.toString(),
    datePrevue: day.toString(),
    instant: instantInParis(day.toString(), request.heure || '00:00'),
    motifs,
  });
}
