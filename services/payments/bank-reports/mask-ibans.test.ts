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
])('%s', (text, masked) => expect(maskIbans(text, 200)).toBe(masked));

test('what is cut shows no half of an account, wherever the cut is', () => {
  const account = 'FR14 2004 1010 0505 0001 3M02 606';
  const text = `${account} et ${account} puis 😀${account}`;
  for (let most = 0; most <= text.length; most += 1) {
    const shown = maskIbans(text, most);
    expect(shown).not.toMatch(/2004/);
    expect([...shown].length).toBeLessThanOrEqual(most);
    expect('FR14 **** 606 et FR14 **** 606 puis 😀FR14 **** 606').toContain(shown);
  }
});

test('of a long text only what is shown is looked at', () => {
  const account = 'FR14 2004 1010 0505 0001 3M02 606 ';
  expect(maskIbans(account.repeat(1_000_000), 60)).toBe('FR14 **** 606 FR14 **** 606');
});

test('why a file cannot be read tells of no account', () => {
  const { message } = new UnreadableReport('line 1: unclosed tag: FR1420041010050500013M02606');
  expect(message).toBe('line 1: unclosed tag: FR14 **** 606');
});
