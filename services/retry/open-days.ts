import { addDays, BANK_DAYS, openDaysOf } from '@crm/domain';
import type { Process } from '@crm/kit';
import { CalendarEngineServiceService, type Calendrier } from '@crm/proto/calendar/calendar';
import type { OpenFrom } from './plan-retry.ts';

/** Returns the first open days on or after the given ones, by default in the French and the T2 calendar. */
export type OpenDays = (days: string[], calendriers?: Calendrier[]) => Promise<OpenFrom>;

/** How many days from one that is not known are asked for at once. */
const DAYS_AHEAD = 60;

/** Remembers open days, for plans of many payments: these need the same few months, again and again. */
export function rememberedDays(openDays: OpenDays): OpenDays {
  const known = new Map<string, string>();
  return async (days, calendriers = BANK_DAYS) => {
    const nameOf = (day: string) => `${day}/${calendriers.join()}`;
    for (const day of days) {
      if (known.has(nameOf(day))) continue;
      const asked = Array.from({ length: DAYS_AHEAD }, (_, index) => addDays(day, index));
      const openFrom = await openDays(asked, calendriers);
      for (const one of asked) known.set(nameOf(one), openFrom(one));
    }
    return (day) => known.get(nameOf(day))!;
  };
}

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
