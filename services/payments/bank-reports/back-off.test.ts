import { backOff } from './back-off.ts';

test('what fails is left alone for longer and longer, and nothing else with it', () => {
  let now = 0;
  const failing = backOff(() => now);
  const waits = Array.from({ length: 10 }, () => {
    const wait = failing.failed('a');
    expect(failing.holds('a')).toBe(true);
    expect(failing.held()).toEqual(['a']);
    now += wait;
    expect(failing.holds('a')).toBe(false);
    return wait / 1_000;
  });
  expect(waits).toEqual([5, 10, 20, 40, 80, 160, 320, 600, 600, 600]);
  expect(failing.holds('b')).toBe(false);
  failing.worked('a');
  expect(failing.failed('a')).toBe(5_000);
});
