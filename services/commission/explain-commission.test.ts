import { explainCommission } from './explain-commission.ts';

const none = { montantFixe: 0n, tauxPointsBase: 0, paliers: [] };
/** With ordinary spaces instead of the non-breaking ones before % and €. */
const explain = (...of: Parameters<typeof explainCommission>) =>
  explainCommission(...of).replaceAll(/[\u00a0\u202f]/g, ' ');

test('says how a commission was computed', () => {
  expect(explain({ ...none, type: 'FIXE', montantFixe: 5000n }, 100_000n)).toBe('50,00 € par paiement');
  expect(explain({ ...none, type: 'FIXE', montantFixe: 5000n }, 1000n)).toBe(
    '50,00 € par paiement, dans la limite de 10,00 € payés',
  );
  expect(explain({ ...none, type: 'POURCENTAGE', tauxPointsBase: 250 }, 100_000n)).toBe(
    '2,5 % de 1 000,00 €',
  );
  const paliers = [
    { aPartirDe: 0n, tauxPointsBase: 500 },
    { aPartirDe: 100_000n, tauxPointsBase: 325 },
    { aPartirDe: 500_000n, tauxPointsBase: 100 },
  ];
  expect(explain({ ...none, type: 'PALIERS', paliers }, 150_000n)).toBe(
    '5 % de 1 000,00 € + 3,25 % de 500,00 €',
  );
});
