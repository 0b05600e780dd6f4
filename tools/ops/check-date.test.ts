import { checkDate } from './check-date.ts';

test.each(['2199-12-31', '2028-02-29'])('%s is a date', (date) => {
  expect(() => checkDate('--from', date)).not.toThrow();
});

test.each(['9999-12-31', '1899-12-31', '2027-02-29', '2027-1-1', 'demain'])(
  '%s is none, and the flag is named',
  (date) => {
    expect(() => checkDate('--from', date)).toThrow(
      `--from ${date} is no date: say YYYY-MM-DD, from 1900-01-01 to 2199-12-31.`,
    );
  },
);
