import { Temporal } from 'temporal-polyfill';

/**
 * Easter Sunday of a year by the Gregorian computus: the "anonymous" algorithm from Jean Meeus, Astronomical
 * Algorithms, 2nd edition (1998), chapter 8. Valid from 1583 on.
 */
export function easter(year: number): Temporal.PlainDate {
  const moon = year % 19;
  const [century, ofCentury] = [Math.floor(year / 100), year % 100];
  const correction = Math.floor((century - Math.floor((century + 8) / 25) + 1) / 3);
  const epact = (19 * moon + century - Math.floor(century / 4) - correction + 15) % 30;
  const leap = 2 * (century % 4) + 2 * Math.floor(ofCentury / 4);
  const weekday = (32 + leap - epact - (ofCentury % 4)) % 7;
  const late = Math.floor((moon + 11 * epact + 22 * weekday) / 451);
  const day = epact + weekday - 7 * late + 114;
  return Temporal.PlainDate.from({ year, month: Math.floor(day / 31), day: (day % 31) + 1 });
}
