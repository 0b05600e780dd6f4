import { Temporal } from 'temporal-polyfill';
import { assertSignable, assertSigned, assertTerms } from './assert-terms.ts';
import { todayInParis } from '@crm/domain';

const terms = (montantTotal: bigint, nombreEcheances: number, datePremiereEcheance = '') => ({
  montantTotal,
  nombreEcheances,
  datePremiereEcheance,
});

test.each([
  ['each instalment has a cent', terms(3n, 3)],
  ['nothing is to be paid', terms(0n, 12)],
  ['the first of many on the last day', terms(100_000n, 120, '2099-12-31')],
])('%s', (_, given) => {
  expect(() => assertTerms(given)).not.toThrow();
  expect(() => assertSignable(given)).not.toThrow();
});

test.each([
  ['nombreEcheances', terms(3n, 4)],
  ['datePremiereEcheance', terms(100n, 1, '2100-01-01')],
])('%s is refused by name', (field, given) => {
  expect(() => assertTerms(given)).toThrow(new RegExp(`^${field}: `));
  expect(() => assertSignable(given)).toThrow(new RegExp(`^${field}: `));
});

test('nothing has been signed tomorrow', () => {
  const today = todayInParis();
  expect(() => assertSigned(today)).not.toThrow();
  expect(() => assertSigned('')).not.toThrow();
  const tomorrow = Temporal.PlainDate.from(today).add({ days: 1 }).toString();
  expect(() => assertSigned(tomorrow)).toThrow(/^dateSignature: /);
});
