import {
  CalculatePlannedDateRequest,
  CalendarEngineServiceService,
  Calendrier,
  HolidayServiceService,
} from '@crm/proto/calendar/calendar';
import { RegleRelanceServiceService, RelanceServiceService } from '@crm/proto/relance/relance';
import { RetryAdminServiceService } from '@crm/proto/retry/retry';
import {
  dateOf,
  dayNumber,
  EASTER_SUNDAYS,
  easterByTable,
  FRENCH_HOLIDAYS,
  inUtc,
  lastSunday,
  openFrom,
  plusDays,
  T2_HOLIDAYS,
  weekday,
} from '../properties/calendar-facts.ts';
import { sharedStack } from '../support/stack.ts';
import { unique } from '../support/unique.ts';

const stack = sharedStack();
const calendar = stack.client('calendar', CalendarEngineServiceService);
const holidays = stack.client('calendar', HolidayServiceService);
const regles = stack.client('relance', RegleRelanceServiceService);
const relances = stack.client('relance', RelanceServiceService);
const retries = stack.client('retry', RetryAdminServiceService);

afterAll(() => stack.close());

const [FROM, TO] = ['2024-01-01', '2035-12-31'];
const YEARS = EASTER_SUNDAYS.map((sunday) => Number(sunday.slice(0, 4)));
const { FRANCE, T2 } = Calendrier;
const CLOSED = [
  { name: 'France', calendriers: [FRANCE], closed: [FRENCH_HOLIDAYS] },
  { name: 'T2', calendriers: [T2], closed: [T2_HOLIDAYS] },
  { name: 'both', calendriers: [FRANCE, T2], closed: [FRENCH_HOLIDAYS, T2_HOLIDAYS] },
];
const everyDay = Array.from({ length: dayNumber(TO) - dayNumber(FROM) + 1 }, (_, i) =>
  dateOf(dayNumber(FROM) + i),
);

/** Days around which dates go wrong: holidays, both clock changes, year ends, the end of February. */
const CRITICAL = [
  ...FRENCH_HOLIDAYS,
  ...T2_HOLIDAYS,
  ...EASTER_SUNDAYS,
  ...YEARS.flatMap((year) => [
    lastSunday(year, 3),
    lastSunday(year, 10),
    `${year}-12-31`,
    `${year}-02-28`,
    ...(year % 4 === 0 ? [`${year}-02-29`] : []),
  ]),
].filter((day) => day >= '2024-02-01' && day <= '2035-11-15');

/** In parallel, but a few at a time. */
async function eachOf<T>(all: T[], check: (one: T) => Promise<void>): Promise<void> {
  const queue = [...all];
  const work = async () => {
    for (let one = queue.pop(); one !== undefined; one = queue.pop()) await check(one);
  };
  await Promise.all(Array.from({ length: 8 }, work));
}

test('the facts are what they are said to be', () => {
  expect(YEARS.map(easterByTable)).toEqual(EASTER_SUNDAYS);
  expect(everyDay.map((day) => new Date(`${day}T00:00:00Z`).getUTCDay())).toEqual(everyDay.map(weekday));
  expect([everyDay.length, everyDay.at(-1)]).toEqual([4383, TO]);
  // 2024 and 2028 have a day more
  expect(everyDay.filter((day) => day.endsWith('02-29'))).toEqual(['2024-02-29', '2028-02-29', '2032-02-29']);
});

test.each(CLOSED)(
  'each day of twelve years is moved to where $name is open',
  async ({ calendriers, closed }) => {
    // beyond the last day there are no facts
    const days = everyDay.filter((day) => day <= '2035-12-27');
    for (let from = 0; from < days.length; from += 500) {
      const asked = days.slice(from, from + 500);
      const demandes = asked.map((date) =>
        CalculatePlannedDateRequest.fromPartial({ date, calendriers, heure: '10:00' }),
      );
      const { dates } = await calendar.calculatePlannedDatesBatch({ demandes });
      const expected = asked.map((date) => openFrom(date, ...closed));
      expect(dates.map(({ datePrevue }) => datePrevue)).toEqual(expected);
      expect(dates.map(({ instant }) => instant!.toISOString())).toEqual(
        expected.map((day) => inUtc(day, 10)),
      );
    }
  },
);

test('the holidays are those, and no others', async () => {
  const listed = async (calendrier: Calendrier) => {
    const halves = [
      { du: FROM, au: '2029-12-31' },
      { du: '2030-01-01', au: TO },
    ];
    const answers = await Promise.all(halves.map((half) => holidays.list({ ...half, calendrier })));
    return answers.flatMap(({ jours }) => jours.map(({ date }) => date));
  };
  // 1 May and Ascension can fall on one day, so each day counts once
  expect([...new Set(await listed(FRANCE))]).toEqual([...FRENCH_HOLIDAYS].sort());
  expect([...new Set(await listed(T2))]).toEqual([...T2_HOLIDAYS].sort());
});

test('a reminder that falls on a critical day goes out at nine on the next open one', () =>
  eachOf(CRITICAL, async (day) => {
    const { envois } = await relances.preview({ dateFacture: plusDays(day, -15) });
    const expected = inUtc(openFrom(day, FRENCH_HOLIDAYS), 9);
    expect([day, envois[0]!.datePrevue!.toISOString()]).toEqual([day, expected]);
  }));

test('what is wished for on a critical day at noon, or after seven, is sent in opening hours', () =>
  eachOf(CRITICAL, async (day) => {
    const open = openFrom(day, FRENCH_HOLIDAYS);
    const noon = await relances.nextSendTime({ souhaite: new Date(inUtc(day, 12)) });
    expect([day, noon.datePrevue!.toISOString()]).toEqual([day, inUtc(open, open === day ? 12 : 9)]);
    const evening = await relances.nextSendTime({ souhaite: new Date(inUtc(day, 19)) });
    const next = inUtc(openFrom(plusDays(day, 1), FRENCH_HOLIDAYS), 9);
    expect([day, evening.datePrevue!.toISOString()]).toEqual([day, next]);
  }));

test('24 hours between two mails are 24 hours, also where the clocks change between them', async () => {
  const organisationId = unique('org');
  await regles.create({ organisationId, ouverture: '00:00', fermeture: '00:00', tousLesJours: true });
  await eachOf(YEARS, async (year) => {
    for (const [month, hour] of [
      [3, 13],
      [10, 11],
    ] as const) {
      const sunday = lastSunday(year, month);
      const dernierEnvoi = new Date(inUtc(plusDays(sunday, -1), 12));
      const request = { organisationId, souhaite: dernierEnvoi, dernierEnvoi };
      const { datePrevue } = await relances.nextSendTime(request);
      expect(datePrevue!.toISOString()).toBe(inUtc(sunday, hour));
    }
  });
});

test('a retry that falls on a critical day is submitted at ten when both calendars are open', () =>
  eachOf(CRITICAL, async (day) => {
    // 08:00 in Paris, five days before
    const dateRejet = new Date(inUtc(plusDays(day, -5), 8));
    const { tentatives, epuise } = await retries.previewRetry({ motifRejet: 'AM04', dateRejet });
    const wished = [day, plusDays(day, 5), plusDays(day, 15)];
    const limit = plusDays(day, 25);
    const expected = wished
      .map((date) => openFrom(date, FRENCH_HOLIDAYS, T2_HOLIDAYS))
      .filter((date) => date <= limit)
      .map((date) => inUtc(date, 10));
    expect([day, epuise, tentatives.map(({ datePrevue }) => datePrevue!.toISOString())]).toEqual([
      day,
      false,
      expected,
    ]);
  }));

test.each([
  ['23:30 in Paris, in summer: the day in UTC is the same', '2026-07-01T21:30:00Z', '2026-07-06'],
  ['00:30 in Paris, in summer: in UTC it is still the day before', '2026-07-01T22:30:00Z', '2026-07-07'],
  ['00:30 in Paris, in winter', '2026-01-04T23:30:00Z', '2026-01-12'],
  ['New Year in Paris, the old year in UTC', '2026-12-31T23:30:00Z', '2027-01-06'],
  ['the second 02:30 of the night in which the clocks go back', '2026-10-25T01:30:00Z', '2026-10-30'],
])('a retry counts from the date in Paris: %s', async (_, rejected, day) => {
  const answer = await retries.previewRetry({ motifRejet: 'AM04', dateRejet: new Date(rejected) });
  expect(answer.tentatives[0]!.datePrevue!.toISOString()).toBe(
    inUtc(openFrom(day, FRENCH_HOLIDAYS, T2_HOLIDAYS), 10),
  );
});
