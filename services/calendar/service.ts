import { implement, service } from '@crm/kit';
import { CalendarEngineServiceService, HolidayServiceService } from '@crm/proto/calendar/calendar';
import { calendarEngine } from './calendar-engine.ts';
import { holidays } from './holidays.ts';

export default service('calendar', ({ db }) => [
  implement(CalendarEngineServiceService, calendarEngine(db)),
  implement(HolidayServiceService, holidays(db)),
]);
