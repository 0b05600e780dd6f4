import { countBack, type Month } from './count-back.ts';

const november: Month = { days: 30, invoiced: 100_000n };
const october: Month = { days: 31, invoiced: 200_000n };
const september: Month = { days: 30, invoiced: 60_000n };

test.each<[string, bigint, Month[], number | undefined]>([
  ['nothing is owed', 0n, [november], 0],
  ['half of the last month', 50_000n, [november, october], 150],
  ['exactly the last month', 100_000n, [november, october], 300],
  ['the last month and a quarter of the one before: 30 + 7.75 days', 150_000n, [november, october], 378],
  ['two months and a third: 30 + 31 + 10', 320_000n, [november, october, september], 710],
  [
    'a month without invoices counts whole: 30 + 31 + 15',
    130_000n,
    [november, { days: 31, invoiced: 0n }, september],
    760,
  ],
  [
    'more was credited than invoiced: as none',
    100_001n,
    [november, { days: 31, invoiced: -5n }, september],
    610,
  ],
  ['a month that is not over: 12 days of it', 50_000n, [{ days: 12, invoiced: 100_000n }], 60],
  ['more than was ever invoiced', 300_001n, [november, october], undefined],
  ['no months', 1n, [], undefined],
])('%s', (_, owed, months, tenths) => {
  expect(countBack(owed, months)).toBe(tenths);
});
