import { Calendrier } from '@crm/proto/calendar/calendar';
import { easter } from './easter.ts';
import { publicHolidays } from './public-holidays.ts';

/**
 * Easter Sundays from published almanacs, not from our own computation, with the days that depend on them.
 */
const MOVABLE = [
  // year, Good Friday, Easter Sunday, Easter Monday, Ascension, Whit Monday
  [2024, '03-29', '03-31', '04-01', '05-09', '05-20'],
  [2025, '04-18', '04-20', '04-21', '05-29', '06-09'],
  [2026, '04-03', '04-05', '04-06', '05-14', '05-25'],
  [2027, '03-26', '03-28', '03-29', '05-06', '05-17'],
  [2028, '04-14', '04-16', '04-17', '05-25', '06-05'],
  [2029, '03-30', '04-01', '04-02', '05-10', '05-21'],
  [2030, '04-19', '04-21', '04-22', '05-30', '06-10'],
  [2031, '04-11', '04-13', '04-14', '05-22', '06-02'],
  [2032, '03-26', '03-28', '03-29', '05-06', '05-17'],
  [2033, '04-15', '04-17', '04-18', '05-26', '06-06'],
  [2034, '04-07', '04-09', '04-10', '05-18', '05-29'],
  [2035, '03-23', '03-25', '03-26', '05-03', '05-14'],
] as const;

const datesOf = (calendrier: Calendrier, year: number) =>
  publicHolidays(calendrier, year).map(({ date }) => date);
const inYear = (year: number, days: string[]) => days.map((day) => `${year}-${day}`).sort();

test.each(MOVABLE)(
  'Easter Sunday and all holidays of %i',
  (year, friday, sunday, monday, ascension, whit) => {
    const fixed = ['01-01', '05-01', '05-08', '07-14', '08-15', '11-01', '11-11', '12-25'];
    const france = [...fixed, monday, ascension, whit];
    expect(easter(year).toString()).toBe(`${year}-${sunday}`);
    expect(datesOf(Calendrier.FRANCE, year)).toEqual(inYear(year, france));
    expect(datesOf(Calendrier.ALSACE_MOSELLE, year)).toEqual(inYear(year, [...france, friday, '12-26']));
    const t2 = ['01-01', friday, monday, '05-01', '12-25', '12-26'];
    expect(datesOf(Calendrier.T2, year)).toEqual(inYear(year, t2));
  },
);

test.each([
  [1961, '1961-04-02'],
  [1954, '1954-04-18'], // the exceptions in Gauss's algorithm
  [1981, '1981-04-19'],
  [2038, '2038-04-25'], // the latest possible
  [1818, '1818-03-22'], // the earliest
  [2076, '2076-04-19'],
])('Easter Sunday of %i is %s', (year, date) => {
  expect(easter(year).toString()).toBe(date);
});

test('each day has its French name', () => {
  expect(publicHolidays(Calendrier.ALSACE_MOSELLE, 2026)).toEqual([
    { date: '2026-01-01', libelle: 'Jour de l’An' },
    { date: '2026-04-03', libelle: 'Vendredi saint' },
    { date: '2026-04-06', libelle: 'Lundi de Pâques' },
    { date: '2026-05-01', libelle: 'Fête du Travail' },
    { date: '2026-05-08', libelle: 'Victoire de 1945' },
    { date: '2026-05-14', libelle: 'Ascension' },
    { date: '2026-05-25', libelle: 'Lundi de Pentecôte' },
    { date: '2026-07-14', libelle: 'Fête nationale' },
    { date: '2026-08-15', libelle: 'Assomption' },
    { date: '2026-11-01', libelle: 'Toussaint' },
    { date: '2026-11-11', libelle: 'Armistice de 1918' },
    { date: '2026-12-25', libelle: 'Noël' },
    { date: '2026-12-26', libelle: 'Lendemain de Noël' },
  ]);
});
