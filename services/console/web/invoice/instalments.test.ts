import { instalments } from './instalments.ts';

test('instalments are equal, add up to the cent, and keep to the end of short months', () => {
  expect(instalments(10_000n, 3, '2027-01-31')).toEqual([
    { date: '2027-01-31', montant: 3_333n },
    { date: '2027-02-28', montant: 3_333n },
    { date: '2027-03-31', montant: 3_334n },
  ]);
  expect(instalments(5n, 2, '2026-12-15').map(({ date }) => date)).toEqual(['2026-12-15', '2027-01-15']);
});
