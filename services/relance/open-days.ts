import { status, type ServiceError } from '@grpc/grpc-js';
import { unavailable, type Connected } from '@crm/kit';
import { Calendrier, type CalendarEngineServiceService } from '@crm/proto/calendar/calendar';
import type { NextOpenDay } from './next-send-time.ts';

/**
 * The open days of an organisation: Monday to Friday without French public holidays, and without the closing days of
 * its own. Asked of the calendar service with the caller's token.
 * @throws {RpcError} UNAVAILABLE: the calendar cannot be asked now
 */
export const openDays =
  (calendar: Pick<Connected<typeof CalendarEngineServiceService>, 'calculatePlannedDate'>) =>
  (organisationId: string): NextOpenDay =>
  async (date) => {
    const asked = { date, calendriers: [Calendrier.FRANCE], organisationId };
    return (await calendar.calculatePlannedDate(asked).catch(explain)).datePrevue;
  };

export type OpenDays = ReturnType<typeof openDays>;

const AWAY = [status.UNAVAILABLE, status.DEADLINE_EXCEEDED, status.RESOURCE_EXHAUSTED];

function explain(error: ServiceError): never {
  throw AWAY.includes(error.code) ? unavailable('CALENDAR', 'the calendar service is not available') : error;
}
