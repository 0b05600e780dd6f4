import { afterUsualTerm } from '@crm/domain';
import { BaseRelance } from '@crm/proto/relance/relance';
import { type Level } from './due-at.ts';
import { nextSendTime } from './next-send-time.ts';
import { usualTimes } from './usual-times.ts';
import { DEFAULT_LEVEL } from './regles-relance.ts';

/** The open days of the calendar: weekends and these holidays are closed. */
const openDays =
  (...holidays: string[]) =>
  (date: string): string => {
    for (const day = new Date(date); ; day.setUTCDate(day.getUTCDate() + 1)) {
      const iso = day.toISOString().slice(0, 10);
      if (day.getUTCDay() % 6 !== 0 && !holidays.includes(iso)) return iso;
    }
  };

const next = async (wished: string, { last, ...hours }: Partial<Level> & { last?: string } = {}) =>
  (
    await nextSendTime(
      new Date(wished),
      { ...DEFAULT_LEVEL, ...hours },
      last ? new Date(last) : undefined,
      openDays('2026-12-25', '2027-01-01', '2026-05-14'),
    )
  ).toISOString();

test.each([
  ['within opening hours, at once', '2026-06-12T12:34:56.789Z', '2026-06-12T12:34:56.789Z'],
  ['at the opening, at once', '2026-06-12T07:00:00Z', '2026-06-12T07:00:00.000Z'],
  ['before the opening, at it', '2026-06-12T06:59:59.999Z', '2026-06-12T07:00:00.000Z'],
  ['one moment before the close, at once', '2026-06-12T16:59:59.999Z', '2026-06-12T16:59:59.999Z'],
  ['Friday at 19:00, on Monday', '2026-06-12T17:00:00Z', '2026-06-15T07:00:00.000Z'],
  ['Thursday at 19:00, on Friday', '2026-06-11T17:00:00Z', '2026-06-12T07:00:00.000Z'],
  ['Saturday noon, on Monday', '2026-06-13T10:00:00Z', '2026-06-15T07:00:00.000Z'],
  ['the evening before Ascension, on the day after it', '2026-05-13T18:00:00Z', '2026-05-15T07:00:00.000Z'],
  ['the day that ends in UTC before Paris', '2026-06-14T22:30:00Z', '2026-06-15T07:00:00.000Z'],
  ['the weekend of summer time', '2026-03-28T12:00:00Z', '2026-03-30T07:00:00.000Z'],
  ['the Friday before it', '2026-03-27T18:00:00Z', '2026-03-30T07:00:00.000Z'],
  ['the weekend of winter time', '2026-10-24T12:00:00Z', '2026-10-26T08:00:00.000Z'],
  ['Christmas eve, in the evening', '2026-12-24T18:00:00Z', '2026-12-28T08:00:00.000Z'],
  ['the end of the year', '2026-12-31T18:00:00Z', '2027-01-04T08:00:00.000Z'],
])('%s', async (_, wished, sent) => {
  expect(await next(wished)).toBe(sent);
});

test('24 hours are elapsed time, also across a clock change, and end in opening hours', async () => {
  expect(await next('2026-06-12T12:00:00Z', { last: '2026-06-11T13:00:00Z' })).toBe(
    '2026-06-12T13:00:00.000Z',
  );
  expect(await next('2026-06-12T14:00:00Z', { last: '2026-06-11T13:00:00Z' })).toBe(
    '2026-06-12T14:00:00.000Z',
  );
  expect(await next('2026-06-12T12:00:00Z', { last: '2026-06-12T11:00:00Z' })).toBe(
    '2026-06-15T07:00:00.000Z',
  );
  // Saturday 09:30 before the change of clocks, so Sunday 10:30 after it
  const always = { tousLesJours: true, ouverture: '00:00', fermeture: '00:00' };
  expect(await next('2026-03-28T09:00:00Z', { ...always, last: '2026-03-28T08:30:00Z' })).toBe(
    '2026-03-29T08:30:00.000Z',
  );
});

test('from 00:00 to 00:00 every day is always', async () => {
  const always = { tousLesJours: true, ouverture: '00:00', fermeture: '00:00', espacement: 'PT0S' };
  for (const at of ['2026-12-25T03:00:00.000Z', '2026-06-13T21:59:59.999Z', '2026-06-13T22:00:00.000Z']) {
    expect(await next(at, { ...always, last: at })).toBe(at);
  }
});

test('to midnight is through the last minute of the day', async () => {
  const late = { fermeture: '00:00' };
  expect(await next('2026-06-11T21:59:59Z', late)).toBe('2026-06-11T21:59:59.000Z');
  expect(await next('2026-06-11T22:00:00Z', late)).toBe('2026-06-12T07:00:00.000Z');
});

const plan = async (levels: Partial<Level>[], dateFacture: string, emiseAt?: string) =>
  (
    await usualTimes(
      levels.map((level, index) => ({ ...DEFAULT_LEVEL, niveau: index + 1, ...level })),
      {
        dateFacture,
        dateEcheance: afterUsualTerm(dateFacture),
        emiseAt: emiseAt ? new Date(emiseAt) : undefined,
      },
      openDays('2026-07-14', '2027-01-01'),
    )
  ).map(({ datePrevue }) => datePrevue.toISOString());

test('J+15 on a Saturday moves to Monday, on 14 July to the day after, on New Year past the weekend', async () => {
  expect(await plan([{}], '2026-05-15')).toEqual(['2026-06-01T07:00:00.000Z']);
  expect(await plan([{}], '2026-06-29')).toEqual(['2026-07-15T07:00:00.000Z']);
  expect(await plan([{}], '2026-12-17')).toEqual(['2027-01-04T08:00:00.000Z']);
  expect(await plan([{}], '2028-02-14')).toEqual(['2028-02-29T08:00:00.000Z']);
});

test('levels count from their own dates, and keep their distance from each other', async () => {
  const dated = { base: BaseRelance.DATE_ECHEANCE, delai: 'P5D' };
  expect(await plan([{}, dated], '2026-05-15')).toEqual([
    '2026-06-01T07:00:00.000Z',
    '2026-06-19T07:00:00.000Z',
  ]);
  // Saturday and Sunday both move to Monday; the second one then waits for Tuesday
  expect(await plan([{}, { delai: 'P16D' }], '2026-05-15')).toEqual([
    '2026-06-01T07:00:00.000Z',
    '2026-06-02T07:00:00.000Z',
  ]);
});

test('a delay of seconds counts from the moment of issue, of days from the beginning of the day', async () => {
  const always = { tousLesJours: true, ouverture: '00:00', fermeture: '00:00' };
  const issued = '2026-06-12T10:00:00Z';
  expect(await plan([{ ...always, delai: 'PT2S' }], '2026-06-12', issued)).toEqual([
    '2026-06-12T10:00:02.000Z',
  ]);
  expect(await plan([{ ...always, delai: 'P1D' }], '2026-06-12', issued)).toEqual([
    '2026-06-12T22:00:00.000Z',
  ]);
  // an invoice with a past date
  expect(await plan([{ ...always, delai: 'PT2S' }], '2026-06-10', issued)).toEqual([
    '2026-06-09T22:00:02.000Z',
  ]);
});
