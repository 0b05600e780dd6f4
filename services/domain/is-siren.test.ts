import { isSiren } from './is-siren.ts';

test.each(['732829320', '356000000', '552100554'])('%s is a SIREN', (siren) => {
  expect(isSiren(siren)).toBe(true);
});

test.each(['732829321', '723829320', '73282932', '7328293200', '73282932O', '', ' 732829320'])(
  '%j is none',
  (siren) => {
    expect(isSiren(siren)).toBe(false);
  },
);

test('every wrong digit is found', () => {
  for (let at = 0; at < 9; at += 1) {
    for (const digit of '0123456789') {
      const changed = `${'732829320'.slice(0, at)}${digit}${'732829320'.slice(at + 1)}`;
      expect(isSiren(changed)).toBe(changed === '732829320');
    }
  }
});
