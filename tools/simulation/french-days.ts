import { plannedDate } from '@crm/calendar/planned-date';
import { CalculatePlannedDateRequest, Calendrier } from '@crm/proto/calendar/calendar';

/**
 * The first open day of France from a date on, by the calendar service's own function.
 * @param own closing days of an organisation: YYYY-MM-DD, and what they are called
 */
export const frenchDays =
  (own: { date: string; libelle: string }[] = []) =>
  (date: string): string =>
    plannedDate(CalculatePlannedDateRequest.fromPartial({ date, calendriers: [Calendrier.FRANCE] }), own)
      .datePrevue;
