import { BANK_DAYS, openDaysOf } from '@crm/domain';
import { invalid, type Connected } from '@crm/kit';
import { Calendrier, type CalendarEngineServiceService } from '@crm/proto/calendar/calendar';

/** The days on which payments can be made, as the calendar service has them; asked with the caller's own token. */
export const bankDays = (calendar: Connected<typeof CalendarEngineServiceService>) => ({
  /** Each date, or the first open day after it; one call for all of them. */
  openDays: openDaysOf(calendar),
  /** The next open day after today: what is planned today is not presented before. */
  async nextOpenDay(): Promise<string> {
    const next = await calendar.calculatePlannedDate({ delaiJours: 1, calendriers: BANK_DAYS });
    return next.datePrevue;
  },
  /**
   * Checks the date of a direct debit: no file for the bank can have one on which T2 is closed.
   * @param field the name of the request's field that has the date
   * @throws INVALID_ARGUMENT naming the field, the reason and the next day that is open
   */
  async checkDebitDate(date: string, field = 'datePrevue'): Promise<void> {
    const calendriers = [Calendrier.T2];
    const { eligible, motifs, prochaineDate } = await calendar.checkDateEligibility({ date, calendriers });
    if (eligible) return;
    const why = motifs.join(', ');
    throw invalid(field, `banks are closed (${why}); the next day that is open is ${prochaineDate}`);
  },
});

export type BankDays = ReturnType<typeof bankDays>;
