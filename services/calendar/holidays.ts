import type { Db } from '@crm/db';
import { todayInParis } from '@crm/domain';
import { entity, invalid, type Methods, DEFAULT_ORGANISATION } from '@crm/kit';
import { Calendrier, Holiday, type HolidayServiceService } from '@crm/proto/calendar/calendar';
import { Temporal } from 'temporal-polyfill';
import { byDate, publicHolidays } from './public-holidays.ts';

const LONGEST_YEARS = 10;

/** An organisation's closing days, at most one per date, listed together with the public ones. */
export function holidays(db: Db): Methods<typeof HolidayServiceService> {
  const holiday = entity(db, {
    model: 'holiday',
    plural: 'jours',
    message: Holiday,
    defaults: { organisationId: DEFAULT_ORGANISATION },
  });
  return {
    create: holiday.create,
    delete: holiday.delete,
    async list({ organisationId, calendrier, ...request }) {
      const { du, au } = period(request);
      const inPeriod = ({ date }: { date: string }) => du <= date && date <= au;
      const whose = calendrier === Calendrier.UNSPECIFIED ? Calendrier.FRANCE : calendrier;
      const publicDays = yearsOf(du, au)
        .flatMap((year) => publicHolidays(whose, year))
        .filter(inPeriod)
        .map((day) => Holiday.fromPartial({ ...day, calendrier: whose }));
      const where = { organisationId, date: { gte: du, lte: au } };
      const own = organisationId ? await db.holiday.findMany({ where }) : [];
      return { jours: [...publicDays, ...own.map(holiday.toMessage)].sort(byDate) };
    },
  };
}

/** The first and the last day of the request. @throws INVALID_ARGUMENT naming `au` */
function period(request: { du: string; au: string }): { du: string; au: string } {
  const du = request.du || `${todayInParis().slice(0, 4)}-01-01`;
  const au = request.au || `${du.slice(0, 4)}-12-31`;
  if (au < du) throw invalid('au', `must not be before du, ${du}`);
  const latest = Temporal.PlainDate.from(du).add({ years: LONGEST_YEARS }).toString();
  if (au > latest) throw invalid('au', `must be at most ${LONGEST_YEARS} years after du, ${latest}`);
  return { du, au };
}

function yearsOf(du: string, au: string): number[] {
  const first = Number(du.slice(0, 4));
  return Array.from({ length: Number(au.slice(0, 4)) - first + 1 }, (_, index) => first + index);
}
