import { Temporal } from 'temporal-polyfill';
import { baisseEncaissements } from './baisse-encaissements.ts';

const debut = Temporal.PlainDate.from('2026-10-01');
const alert = (encaissements: bigint, precedent: bigint) =>
  baisseEncaissements('org', { debut, encaissements, precedent });

test.each<[bigint, bigint, boolean]>([
  [0n, 0n, false],
  [100n, 0n, false],
  [100n, 100n, false],
  [81n, 100n, false],
  [80n, 100n, true],
  [0n, 100n, true],
  [-5n, 100n, true],
])('%s after %s: %p', (encaissements, precedent, due) => {
  expect(alert(encaissements, precedent) !== undefined).toBe(due);
});

test('it says the month, both amounts, and how much less it is', () => {
  const found = alert(60_050n, 123_456n)!;
  expect(found).toMatchObject({
    organisationId: 'org',
    montant: 63_406n,
    depuis: '2026-10-01',
    reference: '',
  });
  expect(found.message.replaceAll('\u00a0', ' ')).toBe(
    'Encaissements en octobre 2026 : 600,50 €, contre 1 234,56 € le mois précédent.',
  );
});
