import { inParis } from '@crm/domain';
import { Temporal } from 'temporal-polyfill';

const PARIS = 'Europe/Paris';

/** When reminders may be sent. */
export type SendingHours = {
  /** HH:MM Europe/Paris, included. */
  ouverture: string;
  /** HH:MM Europe/Paris, excluded; 00:00 is midnight, the day's end. */
  fermeture: string;
  /** Also on weekends and public holidays. */
  tousLesJours: boolean;
  /** At least this long after the last reminder to the same client, ISO 8601. */
  espacement: string;
};

/** The first day, from a date on (YYYY-MM-DD), on which reminders may be sent. */
export type NextOpenDay = (date: string) => string | Promise<string>;

/**
 * When a reminder that is wished for at an instant may be sent: not before the spacing after the last one to the same
 * client is over, and within the opening hours of an open day; otherwise at the next opening. The one function behind
 * previews, plans and what is sent.
 */
export async function nextSendTime(
  wished: Date,
  hours: SendingHours,
  lastSentAt: Date | undefined,
  nextOpenDay: NextOpenDay,
): Promise<Date> {
  const spaced = lastSentAt && inParis(lastSentAt).add(hours.espacement);
  const earliest = new Date(Math.max(wished.getTime(), spaced?.epochMilliseconds ?? -Infinity));
  return await nextOpening(inParis(earliest), hours, nextOpenDay);
}

async function nextOpening(
  at: Temporal.ZonedDateTime,
  { ouverture, fermeture, tousLesJours }: SendingHours,
  nextOpenDay: NextOpenDay,
): Promise<Date> {
  const time = at.toPlainTime().toString();
  const day = at.toPlainDate();
  const isOver = fermeture !== '00:00' && time >= fermeture;
  const candidate = isOver ? day.add({ days: 1 }) : day;
  const open = tousLesJours ? candidate : Temporal.PlainDate.from(await nextOpenDay(candidate.toString()));
  const isNow = open.equals(day) && time >= ouverture;
  return new Date(
    (isNow ? at : open.toZonedDateTime({ timeZone: PARIS, plainTime: ouverture })).epochMilliseconds,
  );
}

/** The instant at which a date, YYYY-MM-DD, begins in Paris. */
export const startOfDay = (date: string): Date =>
  new Date(Temporal.PlainDate.from(date).toZonedDateTime(PARIS).epochMilliseconds);
