import { chancesByWeek, expected, likely } from './chances.ts';

test.each<[string, number[], number, number[]]>([
  ['nothing is known', [], 0, [0, 0, 0]],
  ['all paid on the day', [0, 0], -3, [1, 0, 0]],
  ['days 1 to 7 are the first week, day 8 the second', [1, 7, 8, 14], 0, [0.5, 0.5, 0]],
  ['what waited ten days is like those that were paid later', [2, 5, 12, 30], 10, [0.5, 0, 0.5]],
  ['one of two is never paid', [3, Infinity], 0, [0.5, 0, 0]],
  ['it waited longer than any other', [3, 9], 40, [0, 0, 0]],
])('%s', (_, delays, waited, chances) => {
  expect(chancesByWeek(delays, waited, 3)).toEqual(chances);
});

test('a sum is expected between two amounts: nothing is certain of one debit, more of many', () => {
  const debit = { amount: 100_00n, chances: [0.5] };
  const one = expected([debit], 0);
  expect(one).toEqual({ sum: 50_00, variance: 5_000 ** 2 });
  expect(likely(one.sum, one.variance)).toEqual({ bas: 0n, haut: 11_408n });
  const hundred = expected(Array<typeof debit>(100).fill(debit), 0);
  expect(hundred.sum).toBe(5_000_00);
  // 100 × 50 € ± 1.2816 × 10 × 50 €
  expect(likely(hundred.sum, hundred.variance)).toEqual({ bas: 435_920n, haut: 564_080n });
  expect(expected([debit], 1)).toEqual({ sum: 0, variance: 0 });
});
