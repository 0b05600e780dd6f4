import type { Db } from '@crm/db';
import { LAST_DATE } from '@crm/domain';
import { invalid, type Methods } from '@crm/kit';
import type { CalculatePlannedDateRequest, CalendarEngineServiceService } from '@crm/proto/calendar/calendar';
import { Temporal } from 'temporal-polyfill';
import { closingReasons } from './closing-reasons.ts';
import { nextOpenDay } from './next-open-day.ts';
import { plannedDate, wishedDate } from './planned-date.ts';
import { byDate, type ClosingDay } from './public-holidays.ts';

/** Answers which days are open, and when something planned takes place. */
export function calendarEngine(db: Db): Methods<typeof CalendarEngineServiceService> {
  /** The closing days of organisations from a date on, read at once for any number of dates. */
  async function ownDays(
    organisationIds: string[],
    from: string,
  ): Promise<(organisationId: string) => ClosingDay[]> {
    const named = [...new Set(organisationIds.filter(Boolean))];
    const where = { organisationId: { in: named }, date: { gte: from } };
    const rows = named.length > 0 ? await db.holiday.findMany({ where }) : [];
    return (organisationId) => rows.filter((row) => row.organisationId === organisationId);
  }
  async function plan(demandes: CalculatePlannedDateRequest[], fieldOf: (index: number) => string) {
    const wished = demandes.map((demande) => ({ date: wishedDate(demande).toString() })).sort(byDate);
    const organisationIds = demandes.map(({ organisationId }) => organisationId);
    const own = await ownDays(organisationIds, wished[0]!.date);
    return demandes.map((demande, index) => {
      const planned = plannedDate(demande, own(demande.organisationId));
      if (planned.datePrevue > LAST_DATE) {
        throw invalid(fieldOf(index), `the first open day would be later than ${LAST_DATE}`);
      }
      return planned;
    });
  }
  return {
    calculatePlannedDate: async (demande) => (await plan([demande], () => 'date'))[0]!,
    calculatePlannedDatesBatch: async ({ demandes }) => ({
      dates: await plan(demandes, (index) => `demandes[${index}].date`),
    }),
    async checkDateEligibility({ date, calendriers, organisationId }) {
      const own = (await ownDays([organisationId], date))(organisationId);
      const day = Temporal.PlainDate.from(date);
      const motifs = closingReasons(day, { calendriers, own });
      const prochaineDate = nextOpenDay(day, { calendriers, own }).day.toString();
      return { eligible: motifs.length === 0, motifs, prochaineDate };
    },
  };
}
