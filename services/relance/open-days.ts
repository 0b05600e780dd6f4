import { remembered, type Connected } from '@crm/kit';
import { Calendrier, type CalendarEngineServiceService } from '@crm/proto/calendar/calendar';
import type { NextOpenDay } from './next-send-time.ts';

/**
 * The open days of an organisation: Monday to Friday, without French public holidays and its own closing
 * days. From the calendar service, with the caller's token.
 */
export const openDays =
  (calendar: Pick<Connected<typeof CalendarEngineServiceService>, 'calculatePlannedDate'>) =>
  (organisationId: string): NextOpenDay =>
  async (date) => {
    const asked = { date, calendriers: [Calendrier.FRANCE], organisationId };
    return (await calendar.calculatePlannedDate(asked)).datePrevue;
  };

export type OpenDays = ReturnType<typeof openDays>;

/** Remembers open days, each asked for once: the plans of many invoices need only a few days. */
export function rememberedDays(openDays: OpenDays): OpenDays {
  const asked = remembered((organisationId: string, date: string) => openDays(organisationId)(date));
  return (organisationId) => (date) => asked(organisationId, date);
}
