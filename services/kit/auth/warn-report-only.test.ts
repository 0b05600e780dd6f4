import { warnReportOnly } from './warn-report-only.ts';

test('it is said at once, and again every minute', () => {
  jest.useFakeTimers();
  const warn = jest.fn();
  warnReportOnly({ warn });
  expect(warn).toHaveBeenCalledTimes(1);
  jest.advanceTimersByTime(5 * 60_000);
  expect(warn).toHaveBeenCalledTimes(6);
  expect(warn).toHaveBeenLastCalledWith({}, expect.stringContaining('AUTH_ENABLED=false'));
  jest.useRealTimers();
});
