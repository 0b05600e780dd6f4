import { CalculatePlannedDateRequest, Calendrier } from '@crm/proto/calendar/calendar';
import { Temporal } from 'temporal-polyfill';
import { closingReasons } from './closing-reasons.ts';
import { plannedDate } from './planned-date.ts';

const { FRANCE, T2, ALSACE_MOSELLE } = Calendrier;
const plan = (request: Partial<CalculatePlannedDateRequest>, own: { date: string; libelle: string }[] = []) =>
  plannedDate(CalculatePlannedDateRequest.fromPartial(request), own);
const day = (date: string) => Temporal.PlainDate.from(date);

test.each([
  // wished, calendars, planned
  ['2026-03-09', [FRANCE], '2026-03-09'],
  ['2026-03-07', [FRANCE], '2026-03-09'],
  ['2026-03-08', [FRANCE], '2026-03-09'],
  ['2026-07-14', [FRANCE], '2026-07-15'],
  ['2026-07-14', [T2], '2026-07-14'],
  ['2026-04-03', [FRANCE], '2026-04-03'],
  ['2026-04-03', [FRANCE, T2], '2026-04-07'],
  ['2026-04-03', [T2], '2026-04-07'],
  ['2026-12-25', [FRANCE], '2026-12-28'],
  ['2024-12-25', [FRANCE], '2024-12-26'],
  ['2024-12-25', [FRANCE, T2], '2024-12-27'],
  ['2024-12-25', [ALSACE_MOSELLE], '2024-12-27'],
  ['2026-12-31', [FRANCE, T2], '2026-12-31'],
  ['2027-01-01', [FRANCE, T2], '2027-01-04'],
  ['2026-05-01', [], '2026-05-04'],
])('%s is moved by %j to %s', (date, calendriers, planned) => {
  expect(plan({ date, calendriers }).datePrevue).toBe(planned);
});

test('a delay is calendar days, over the end of a month and a leap day', () => {
  expect(plan({ date: '2028-02-28', delaiJours: 2 })).toMatchObject({
    dateSouhaitee: '2028-03-01',
    datePrevue: '2028-03-01',
    motifs: [],
  });
});

test('says why each day between is closed', () => {
  expect(plan({ date: '2026-04-03', calendriers: [FRANCE, T2] }).motifs).toEqual([
    '2026-04-03 Vendredi saint',
    '2026-04-04 samedi',
    '2026-04-05 dimanche',
    '2026-04-06 Lundi de Pâques',
  ]);
});

test('an organisation’s own days are closed too, whatever they are', () => {
  const own = [{ date: '2026-07-13', libelle: 'Pont' }];
  expect(plan({ date: '2026-07-11' }, own)).toMatchObject({
    datePrevue: '2026-07-15',
    motifs: ['2026-07-11 samedi', '2026-07-12 dimanche', '2026-07-13 Pont', '2026-07-14 Fête nationale'],
  });
});

test.each([
  // the hour in Paris before and after both clock changes, and midnight
  ['2026-03-27', '10:00', '2026-03-27T09:00:00.000Z'],
  ['2026-03-28', '10:00', '2026-03-30T08:00:00.000Z'],
  ['2026-10-23', '10:00', '2026-10-23T08:00:00.000Z'],
  ['2026-10-24', '10:00', '2026-10-26T09:00:00.000Z'],
  ['2026-07-15', '', '2026-07-14T22:00:00.000Z'],
  ['2026-01-05', '23:59', '2026-01-05T22:59:00.000Z'],
])('%s at "%s" in Paris is %s', (date, heure, instant) => {
  expect(plan({ date, heure }).instant!.toISOString()).toBe(instant);
});

test('a day can be closed for several reasons, each told once', () => {
  expect(closingReasons(day('2026-08-15'), { calendriers: [FRANCE, ALSACE_MOSELLE] })).toEqual([
    'samedi',
    'Assomption',
  ]);
  // Ascension on Labour Day
  expect(closingReasons(day('2008-05-01'), { calendriers: [FRANCE, T2] })).toEqual([
    'Fête du Travail',
    'Ascension',
  ]);
  expect(closingReasons(day('2026-03-09'), { calendriers: [FRANCE, T2, ALSACE_MOSELLE] })).toEqual([]);
});
