import type { Connected } from '@crm/kit';
import {
  CalculatePlannedDateRequest,
  Calendrier,
  type CalendarEngineServiceService,
} from '@crm/proto/calendar/calendar';

/** The calendars of debits: a debit takes place on a day that is open in France and at the banks (T2). */
export const BANK_DAYS = [Calendrier.FRANCE, Calendrier.T2];

/**
 * Asks the calendar service for open days, with the caller's own token: for each date, itself or the first
 * open day after it, in one call. Uses the calendars of debits by default.
 * @throws UNAVAILABLE while it does not answer
 */
export const openDaysOf =
  (calendar: Pick<Connected<typeof CalendarEngineServiceService>, 'calculatePlannedDatesBatch'>) =>
  async (dates: string[], calendriers: Calendrier[] = BANK_DAYS): Promise<string[]> => {
    const demandes = dates.map((date) => CalculatePlannedDateRequest.fromPartial({ date, calendriers }));
    const planned = await calendar.calculatePlannedDatesBatch({ demandes });
    return planned.dates.map(({ datePrevue }) => datePrevue);
  };
