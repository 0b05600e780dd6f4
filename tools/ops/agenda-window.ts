import { addDays, LAST_DATE, todayInParis } from '@crm/domain';
import { PlainError } from '../plain-error.ts';
import { checkDate } from './check-date.ts';

/** How many days an agenda has unless told. */
export const AGENDA_DAYS = 90;
/** The last day of the calendar. */
const LAST_DAY = addDays(LAST_DATE, -1);

/** The days of an agenda, from `--from` and `--to`. @throws {PlainError} */
export function agendaWindow(from: string | undefined, to: string | undefined): { du: string; au: string } {
  const du = from ?? todayInParis();
  checkDay('--from', du);
  const au = to ?? lastDayFrom(du);
  checkDay('--to', au);
  if (au < du) throw new PlainError(`--to ${au} is before --from ${du}.`);
  return { du, au };
}

function checkDay(flag: string, day: string): void {
  checkDate(flag, day);
  if (day > LAST_DAY) throw new PlainError(`${flag} ${day} is too late: an agenda ends on ${LAST_DAY}.`);
}

/** The default last day, at most the end of the calendar. */
function lastDayFrom(du: string): string {
  const au = addDays(du, AGENDA_DAYS);
  return au < LAST_DAY ? au : LAST_DAY;
}
