import { plannedDate } from '@crm/calendar/planned-date';
import { CalculatePlannedDateRequest, Calendrier } from '@crm/proto/calendar/calendar';

/** Closing days of an organisation: YYYY-MM-DD, and what they are called. */
export type ClosingDays = { date: string; libelle: string }[];

/** The first open day from a date on, by the calendar service's own function; in France unless told. */
export const openDayFrom =
  (own: ClosingDays = [], calendriers: Calendrier[] = [Calendrier.FRANCE]) =>
  (date: string): string =>
    plannedDate(CalculatePlannedDateRequest.fromPartial({ date, calendriers }), own).datePrevue;
