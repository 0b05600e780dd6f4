import { Calendrier } from '@crm/proto/calendar/calendar';
import { easter } from './easter.ts';

/** A closing day of a calendar: YYYY-MM-DD and its French name. */
export type ClosingDay = { date: string; libelle: string };

/** A yearly holiday: month and day, or the number of days after Easter Sunday. */
type Rule = { on: string | number; libelle: string };

/** Code du travail, L3133-1. */
const FRANCE: Rule[] = [
  { on: '01-01', libelle: 'Jour de l’An' },
  { on: 1, libelle: 'Lundi de Pâques' },
  { on: '05-01', libelle: 'Fête du Travail' },
  { on: '05-08', libelle: 'Victoire de 1945' },
  { on: 39, libelle: 'Ascension' },
  { on: 50, libelle: 'Lundi de Pentecôte' },
  { on: '07-14', libelle: 'Fête nationale' },
  { on: '08-15', libelle: 'Assomption' },
  { on: '11-01', libelle: 'Toussaint' },
  { on: '11-11', libelle: 'Armistice de 1918' },
  { on: '12-25', libelle: 'Noël' },
];

const GOOD_FRIDAY: Rule = { on: -2, libelle: 'Vendredi saint' };
const BOXING_DAY: Rule = { on: '12-26', libelle: 'Lendemain de Noël' };

/** The closing days of a calendar, in addition to weekends. */
const RULES: Partial<Record<Calendrier, Rule[]>> = {
  [Calendrier.FRANCE]: FRANCE,
  // Code du travail, L3134-13. Good Friday: strictly only where there is a Protestant church.
  [Calendrier.ALSACE_MOSELLE]: [...FRANCE, GOOD_FRIDAY, BOXING_DAY],
  // ECB press release of 14 December 2000, "Long-term calendar for TARGET closing days", which T2 kept.
  [Calendrier.T2]: [
    { on: '01-01', libelle: 'Jour de l’An' },
    GOOD_FRIDAY,
    { on: 1, libelle: 'Lundi de Pâques' },
    { on: '05-01', libelle: 'Fête du Travail' },
    { on: '12-25', libelle: 'Noël' },
    BOXING_DAY,
  ],
};

/** A cache: batches ask for the same years again and again. */
const known = new Map<string, ClosingDay[]>();

/** The closing days of a calendar in a year, by date. Today's rules apply to every year. */
export function publicHolidays(calendrier: Calendrier, year: number): readonly ClosingDay[] {
  const key = `${calendrier} ${year}`;
  const days = known.get(key) ?? compute(RULES[calendrier] ?? [], year);
  known.set(key, days);
  return days;
}

function compute(rules: Rule[], year: number): ClosingDay[] {
  const sunday = easter(year);
  const days = rules.map(({ on, libelle }) => {
    const date = typeof on === 'string' ? `${year}-${on}` : sunday.add({ days: on }).toString();
    return { date, libelle };
  });
  return days.sort(byDate);
}

/** Orders days by date. */
export const byDate = (a: { date: string }, b: { date: string }): number => (a.date < b.date ? -1 : 1);
