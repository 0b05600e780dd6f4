import { HolidayServiceService } from '@crm/proto/calendar/calendar';
import { Temporal } from 'temporal-polyfill';
import type { CallService } from './service-callers.ts';
import { YEARS } from './simulate-options.ts';

/** The closing days of an organisation from a date on. */
export async function ownDaysOf(call: CallService, organisationId: string, du: string) {
  const au = Temporal.PlainDate.from(du).add({ years: YEARS }).toString();
  const { jours } = await call('calendar', HolidayServiceService).list({ organisationId, du, au });
  return jours.filter((jour) => jour.organisationId !== '');
}
