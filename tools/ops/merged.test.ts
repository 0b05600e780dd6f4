import { merged } from './merged.ts';

async function* list(...values: number[]): AsyncGenerator<number, void> {
  for (const value of values) yield await Promise.resolve(value);
}

test('lists in order are one in order, with all that they have', async () => {
  const all = [];
  for await (const one of merged([list(1, 4, 4), list(), list(2, 3, 9)], (a, b) => a - b)) all.push(one);
  expect(all).toEqual([1, 2, 3, 4, 4, 9]);
});
