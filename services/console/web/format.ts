import { timestampDate, type Timestamp } from '@bufbuild/protobuf/wkt';
import { language } from './messages/use-messages.ts';
import { noonOf, PARIS } from './paris-day.ts';

const locale = (): string => (language() === 'fr' ? 'fr-FR' : 'en-GB');

const formats = new Map<string, Intl.DateTimeFormat>();
function format(options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = locale() + JSON.stringify(options);
  let known = formats.get(key);
  if (!known) formats.set(key, (known = new Intl.DateTimeFormat(locale(), { timeZone: PARIS, ...options })));
  return known;
}

/** `1 240,00 €` for 124000n cents. */
export const amount = (cents: bigint): string =>
  new Intl.NumberFormat(locale(), { style: 'currency', currency: 'EUR' }).format(
    `${cents / 100n}.${String((cents < 0n ? -cents : cents) % 100n).padStart(2, '0')}` as `${number}`,
  );

/** `20 000`. */
export const count = (many: number): string => new Intl.NumberFormat(locale()).format(many);

/** `28 novembre 2026` for `2026-11-28`. */
export const day = (calendarDate: string): string =>
  format({ day: 'numeric', month: 'long', year: 'numeric' }).format(noonOf(calendarDate));

/** `28/11/2026`. */
export const shortDay = (calendarDate: string): string =>
  format({ day: '2-digit', month: '2-digit', year: 'numeric' }).format(noonOf(calendarDate));

/** `samedi 28 novembre`. */
export const weekday = (calendarDate: string): string =>
  format({ weekday: 'long', day: 'numeric', month: 'long' }).format(noonOf(calendarDate));

/** `28 novembre 2026 à 09:00`. */
export const instant = (at: Timestamp): string =>
  format({ day: 'numeric', month: 'long', year: 'numeric', hour: '2-digit', minute: '2-digit' }).format(
    timestampDate(at),
  );

/** `09:00`. */
export const time = (at: Timestamp): string =>
  format({ hour: '2-digit', minute: '2-digit' }).format(timestampDate(at));

const UNITS = ['year', 'month', 'week', 'day', 'hour', 'minute', 'second'] as const;

/** `15 jours` for the ISO 8601 duration `P15D`; the text itself if it is none. */
export function duration(iso: string): string {
  const parts = /^P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/.exec(
    iso,
  );
  const said = (parts?.slice(1) ?? []).flatMap((count, index) =>
    Number(count)
      ? [
          new Intl.NumberFormat(locale(), {
            style: 'unit',
            unit: UNITS[index]!,
            unitDisplay: 'long',
          }).format(Number(count)),
        ]
      : [],
  );
  return said.length ? said.join(' ') : iso;
}
