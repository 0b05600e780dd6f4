import { todayInParis } from '@crm/domain';
import { Temporal } from 'temporal-polyfill';
import { dateInvoice } from './date-invoice.ts';

const dates = (dateFacture = '', dateEcheance = '') => dateInvoice({ dateFacture, dateEcheance });

test('an invoice is of today in Paris and due in 30 days, unless told', () => {
  expect(dates().dateFacture).toBe(todayInParis());
  expect(dates('2026-05-15')).toEqual({ dateFacture: '2026-05-15', dateEcheance: '2026-06-14' });
  expect(dates('2024-01-31')).toEqual({ dateFacture: '2024-01-31', dateEcheance: '2024-03-01' });
  expect(dates('2026-05-15', '2026-05-15').dateEcheance).toBe('2026-05-15');
});

test('it is not due before it is issued, nor of a day that is more than a year ahead', () => {
  expect(() => dates('2026-05-15', '2026-05-14')).toThrow('dateEcheance: must not be before 2026-05-15');
  const inDays = (days: number) => Temporal.PlainDate.from(todayInParis()).add({ years: 1, days }).toString();
  expect(dates(inDays(0)).dateFacture).toBe(inDays(0));
  expect(() => dates(inDays(1))).toThrow(`dateFacture: must not be later than in a year, ${inDays(0)}`);
});
