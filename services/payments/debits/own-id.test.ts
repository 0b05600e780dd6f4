import { v7 } from 'uuid';
import { endToEndIdOf } from './end-to-end-id.ts';
import { maskIbans } from '../bank-reports/mask-ibans.ts';
import { blocIdOf, messageIdOf } from './message-id.ts';
import { isOwnId } from './own-id.ts';

test('ids that we give, and no account', () => {
  const id = v7();
  for (const own of [endToEndIdOf(id, 1), messageIdOf(id), blocIdOf(id, 9999)])
    expect(isOwnId(own)).toBe(true);
  // the longest IBAN (Saint Lucia) has as many characters as a file's id
  const accounts = ['BE68539007547034', 'FR1420041010050500013M02606', 'LC55HEMM000100010012001200023015'];
  for (const account of accounts) expect(isOwnId(account)).toBe(false);
});

test('one that happens to hold an account is still ours', () => {
  const unlucky = endToEndIdOf('be685390-0754-7034-8abc-0123456789ab', 1);
  expect(maskIbans(unlucky, 200)).not.toBe(unlucky);
  expect(isOwnId(unlucky)).toBe(true);
});
