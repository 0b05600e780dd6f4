import { howToPay } from './how-to-pay.ts';

test.each([
  ['Règlement : Virement : IBAN de test', 'Virement : IBAN de test'],
  ['par virement sur le compte de test.', 'Par virement sur le compte de test'],
  ['pour régler : chèque', 'Chèque'],
  ['', ''],
])('%j is the line %j', (said, line) => expect(howToPay(said)).toBe(line));
