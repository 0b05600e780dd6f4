/**
 * Facts about the calendar that are independent of the tested code: a list, and tables to check it. Easter
 * Sundays from 2024 to 2035 as printed in almanacs.
 */
export const EASTER_SUNDAYS = [
  '2024-03-31',
  '2025-04-20',
  '2026-04-05',
  '2027-03-28',
  '2028-04-16',
  '2029-04-01',
  '2030-04-21',
  '2031-04-13',
  '2032-03-28',
  '2033-04-17',
  '2034-04-09',
  '2035-03-25',
];

/**
 * The paschal full moon by golden number, 1 to 19, for the years 1900 to 2199 (Book of Common Prayer, "A Table to find
 * Easter Day"); Easter is the Sunday after it.
 */
const FULL_MOONS =
  '04-14 04-03 03-23 04-11 03-31 04-18 04-08 03-28 04-16 04-05 03-25 04-13 04-02 03-22 04-10 03-30 04-17 04-07 03-27';

export function easterByTable(year: number): string {
  let day = plusDays(`${year}-${FULL_MOONS.split(' ')[year % 19]!}`, 1);
  while (weekday(day) !== 0) day = plusDays(day, 1);
  return day;
}

/**
 * Days since 1 January 1970 and back, by the day count of astronomers (Fliegel and van Flandern, "A machine algorithm
 * for processing calendar dates", CACM 11:10, 1968), with no date library.
 */
export function dayNumber(date: string): number {
  const [year, month, day] = date.split('-').map(Number) as [number, number, number];
  const a = Math.trunc((month - 14) / 12);
  const julian =
    day -
    32_075 +
    Math.trunc((1461 * (year + 4800 + a)) / 4) +
    Math.trunc((367 * (month - 2 - a * 12)) / 12) -
    Math.trunc((3 * Math.trunc((year + 4900 + a) / 100)) / 4);
  return julian - 2_440_588;
}

export function dateOf(number: number): string {
  let l = number + 2_440_588 + 68_569;
  const n = Math.trunc((4 * l) / 146_097);
  l -= Math.trunc((146_097 * n + 3) / 4);
  const i = Math.trunc((4000 * (l + 1)) / 1_461_001);
  l = l - Math.trunc((1461 * i) / 4) + 31;
  const j = Math.trunc((80 * l) / 2447);
  const day = l - Math.trunc((2447 * j) / 80);
  l = Math.trunc(j / 11);
  const [month, year] = [j + 2 - 12 * l, 100 * (n - 49) + i + l];
  return `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
}

export const plusDays = (date: string, days: number): string => dateOf(dayNumber(date) + days);

/** 0 for Sunday: 1 January 1970 was a Thursday. */
export const weekday = (date: string): number => (dayNumber(date) + 4) % 7;

/** Code du travail, L3133-1: eleven days; those that move, by their distance from Easter Sunday. */
const FRANCE = {
  fixed: ['01-01', '05-01', '05-08', '07-14', '08-15', '11-01', '11-11', '12-25'],
  moving: [1, 39, 50],
};
/** T2: European Central Bank, "TARGET closing days" (long-term calendar of 14 December 2000). */
const T2 = { fixed: ['01-01', '05-01', '12-25', '12-26'], moving: [-2, 1] };

const holidaysOf = ({ fixed, moving }: typeof FRANCE): Set<string> =>
  new Set(
    EASTER_SUNDAYS.flatMap((sunday) => [
      ...fixed.map((day) => `${sunday.slice(0, 4)}-${day}`),
      ...moving.map((days) => plusDays(sunday, days)),
    ]),
  );

export const FRENCH_HOLIDAYS = holidaysOf(FRANCE);
export const T2_HOLIDAYS = holidaysOf(T2);

const isWeekend = (date: string): boolean => weekday(date) === 0 || weekday(date) === 6;

/** The first day on or after a date that is no weekend and in none of the sets. */
export function openFrom(date: string, ...closed: Set<string>[]): string {
  let day = date;
  while (isWeekend(day) || closed.some((days) => days.has(day))) day = plusDays(day, 1);
  return day;
}

/** The last Sunday of a month: on it the clocks change, at 01:00 UTC (directive 2000/84/EC, articles 2 and 3). */
export function lastSunday(year: number, month: 3 | 10): string {
  let day = `${year}-${String(month).padStart(2, '0')}-31`;
  while (weekday(day) !== 0) day = plusDays(day, -1);
  return day;
}

/** A local hour of a day in Paris as an instant: UTC+2 from the change in March to that in October, else UTC+1. */
export function inUtc(date: string, hour: number): string {
  const year = Number(date.slice(0, 4));
  // hours of business are after the change of their day
  const isSummer = date >= lastSunday(year, 3) && date < lastSunday(year, 10);
  return `${date}T${String(hour - (isSummer ? 2 : 1)).padStart(2, '0')}:00:00.000Z`;
}
