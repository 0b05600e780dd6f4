import type { Process } from '@crm/kit';
import {
  CalculatePlannedDateRequest,
  CalendarEngineServiceService,
  Calendrier,
} from '@crm/proto/calendar/calendar';
import type { OpenFrom } from './plan-retry.ts';

/** Asks where days are open; which calendars count, French public holidays and T2 unless told. */
export type OpenDays = (days: string[], calendriers?: Calendrier[]) => Promise<OpenFrom>;

/** Business days of retries: days on which neither T2 nor France is closed. */
const BUSINESS_DAYS = [Calendrier.FRANCE, Calendrier.T2];

/** Open days by the calendar service, asked for all at once, as the caller; UNAVAILABLE while it does not answer. */
export function openDays(call: Process['call']): OpenDays {
  const calendar = call('calendar', CalendarEngineServiceService);
  return async (days, calendriers = BUSINESS_DAYS) => {
    const asked = [...new Set(days)];
    if (!asked.length) return unasked;
    const demandes = asked.map((date) => CalculatePlannedDateRequest.fromPartial({ date, calendriers }));
    const { dates } = await calendar.calculatePlannedDatesBatch({ demandes });
    const open = new Map(asked.map((day, i) => [day, dates[i]!.datePrevue]));
    return (day) => open.get(day) ?? unasked(day);
  };
}

const unasked: OpenFrom = (day) => {
  throw new Error(`whether ${day} is open was not asked`);
};
