import { inParis, instantInParis } from '@crm/domain';
import { Temporal } from 'temporal-polyfill';

/** The sending hours of a rule. */
export type SendingHours = {
  /** HH:MM Europe/Paris, included. */
  ouverture: string;
  /** HH:MM Europe/Paris, excluded. 00:00 means midnight at the end of the day. */
  fermeture: string;
  /** Also sent on weekends and public holidays. */
  tousLesJours: boolean;
  /** The minimum time after the client's last reminder, ISO 8601. */
  espacement: string;
};

/** Returns the first sending day on or after a date (YYYY-MM-DD). */
export type NextOpenDay = (date: string) => string | Promise<string>;

/**
 * Moves a reminder from its wanted instant to the instant at which it may be sent: after the spacing from the
 * client's last reminder, and within the opening hours of an open day, or else at the next opening. The one
 * function behind previews, plans and sends.
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
  return isNow ? new Date(at.epochMilliseconds) : instantInParis(open.toString(), ouverture);
}
