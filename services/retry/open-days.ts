import { openDaysOf } from '@crm/domain';
import type { Process } from '@crm/kit';
import { CalendarEngineServiceService, type Calendrier } from '@crm/proto/calendar/calendar';
import type { OpenFrom } from './plan-retry.ts';

/** Returns the first open days on or after the given ones, by default in the French and the T2 calendar. */
export type OpenDays = (days: string[], calendriers?: Calendrier[]) => Promise<OpenFrom>;

/** Open days from the calendar service, in one call, as the caller; UNAVAILABLE while it is away. */
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
