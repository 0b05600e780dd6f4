import { maskIbans } from './mask-ibans.ts';
import { UnreadableReport } from './unreadable-report.ts';

test.each([
  ['FR1420041010050500013M02606-facture', 'FR14 **** 606-facture'],
  ['relevé FR14 2004 1010 0505 0001 3M02 606.xml', 'relevé FR14 **** 606.xml'],
  ['fr14_2004_1010_0505_0001_3m02_606', 'fr14 **** 606'],
  [
    'FR-14-2004.1010\u00a00505 0001 3M02 606 et DE89 3704 0044 0532 0130 00',
    'FR14 **** 606 et DE89 **** 000',
  ],
  ['FR14 2004 1010 0505 0001 3M02 607', 'FR14 2004 1010 0505 0001 3M02 607'],
  ['FR14', 'FR14'],
])('%s', (text, masked) => expect(maskIbans(text)).toBe(masked));

test('why a file cannot be read tells of no account', () => {
  const { message } = new UnreadableReport('line 1: unclosed tag: FR1420041010050500013M02606');
  expect(message).toBe('line 1: unclosed tag: FR14 **** 606');
});
