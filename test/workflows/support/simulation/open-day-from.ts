import { plannedDate } from '@crm/calendar/planned-date';
import { CalculatePlannedDateRequest, Calendrier } from '@crm/proto/calendar/calendar';

/** The closing days of an organisation: YYYY-MM-DD and name. */
export type ClosingDays = { date: string; libelle: string }[];

/** The first open day on or after a date, by the calendar service's own function; in France by default. */
export const openDayFrom =
  (own: ClosingDays = [], calendriers: Calendrier[] = [Calendrier.FRANCE]) =>
  (date: string): string =>
    plannedDate(CalculatePlannedDateRequest.fromPartial({ date, calendriers }), own).datePrevue;
