import { BANK_DAYS, openDaysOf } from '@crm/domain';
import { invalid, type Connected } from '@crm/kit';
import { Calendrier, type CalendarEngineServiceService } from '@crm/proto/calendar/calendar';

/** Open days for payments, from the calendar service, called with the caller's own token. */
export const bankDays = (calendar: Connected<typeof CalendarEngineServiceService>) => ({
  /** For each date, itself or the first open day after it. One call for all dates. */
  openDays: openDaysOf(calendar),
  /** The next open day after today: a payment that is planned today is presented tomorrow at the earliest. */
  async nextOpenDay(): Promise<string> {
    const next = await calendar.calculatePlannedDate({ delaiJours: 1, calendriers: BANK_DAYS });
    return next.datePrevue;
  },
  /**
   * Checks the date of a direct debit: a bank refuses a file for a day on which T2 is closed.
   * @param field the request field with the date, for the error
   * @throws INVALID_ARGUMENT naming the field, the reason and the next open day
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
