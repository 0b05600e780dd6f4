import { chosenCount, isChosen, NOTHING, toggle } from './selection.ts';

test('rows are chosen, or all that match the filter but some', () => {
  const two = toggle(NOTHING, ['a', 'b'], true);
  expect([isChosen(two, 'a'), isChosen(two, 'c'), chosenCount(two, 50)]).toEqual([true, false, 2]);
  expect(chosenCount(toggle(two, ['a'], false), 50)).toBe(1);

  const all = { all: true, ids: new Set<string>() };
  expect([isChosen(all, 'c'), chosenCount(all, 50)]).toEqual([true, 50]);
  const butOne = toggle(all, ['c'], false);
  expect([isChosen(butOne, 'c'), isChosen(butOne, 'a'), chosenCount(butOne, 50)]).toEqual([false, true, 49]);
  expect(chosenCount(toggle(butOne, ['c'], true), 50)).toBe(50);
});
