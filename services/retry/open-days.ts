import { openDaysOf } from '@crm/domain';
import type { Process } from '@crm/kit';
import { CalendarEngineServiceService, type Calendrier } from '@crm/proto/calendar/calendar';
import type { OpenFrom } from './plan-retry.ts';

/** Asks where days are open; which calendars count, French public holidays and T2 unless told. */
export type OpenDays = (days: string[], calendriers?: Calendrier[]) => Promise<OpenFrom>;

/** Open days by the calendar service, asked for all at once, as the caller; UNAVAILABLE while it does not answer. */
export function openDays(call: Process['call']): OpenDays {
  const ask = openDaysOf(call('calendar', CalendarEngineServiceService));
  return async (days, calendriers) => {
    const asked = [...new Set(days)];
    const open = asked.length ? await ask(asked, calendriers) : [];
    return (day) => {
      const found = open[asked.indexOf(day)];
      if (!found) throw new Error(`whether ${day} is open was not asked`);
      return found;
    };
  };
}
