import { toHold } from './hold-options.ts';

test.each([
  ['1200', 120_000n],
  ['1200,5', 120_050n],
  ['1 200,50', 120_050n],
  ['1\u00a0200.05', 120_005n],
  ['1\u202f200,50\u00a0€', 120_050n],
])('%s euros', (amount, montant) => {
  expect(toHold('promesse', { amount, until: '2026-07-03' }).montant).toBe(montant);
});

test.each(['0', '0,00', '', '-5', 'tout'])('%j is no amount: nothing is promised by it', (amount) => {
  expect(() => toHold('promesse', { amount, until: '2026-07-03' })).toThrow('is no amount');
});

test('instalments are days with amounts', () => {
  expect(
    toHold('echeancier', { instalment: ['2026-07-03:400', '2026-08-03:400,50'], grace: '0' }),
  ).toMatchObject({
    ...{ genre: 'ECHEANCIER', graceJours: 0 },
    echeances: [
      { date: '2026-07-03', montant: 40_000n },
      { date: '2026-08-03', montant: 40_050n },
    ],
  });
});

test('everything that is wrong is named at once', () => {
  const options = { until: '2026-02-30', amount: '12,345', instalment: ['2026-07-03', 'x:1'], grace: 'some' };
  expect(() => toHold('promise', options)).toThrow(
    /^promise is no kind[^]*--until 2026-02-30[^]*--amount 12,345[^]*--instalment[^]*--instalment x[^]*--grace some/,
  );
});
