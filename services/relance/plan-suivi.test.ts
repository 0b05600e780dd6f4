import { planSuivi } from './plan-suivi.ts';

const plan = (since: string, delai: string, delaiRappel = 'P7D') => {
  const { datePrevue, dateRappel } = planSuivi(new Date(since), { delai, delaiRappel });
  return [datePrevue.toISOString(), dateRappel.toISOString()];
};

test('seven days later is the same hour in Paris, also across a clock change', () => {
  expect(plan('2026-03-25T09:00:00Z', 'P7D')).toEqual([
    '2026-04-01T08:00:00.000Z',
    '2026-04-08T08:00:00.000Z',
  ]);
  expect(plan('2026-10-20T08:00:00Z', 'P7D')).toEqual([
    '2026-10-27T09:00:00.000Z',
    '2026-11-03T09:00:00.000Z',
  ]);
});

test('hours are elapsed time', () => {
  expect(plan('2026-03-29T00:30:00Z', 'PT24H', 'PT1S')).toEqual([
    '2026-03-30T00:30:00.000Z',
    '2026-03-30T00:30:01.000Z',
  ]);
});

test('a leap day is a day', () => {
  expect(plan('2028-02-28T09:00:00Z', 'P1D')[0]).toBe('2028-02-29T09:00:00.000Z');
});
