import { todayInParis } from '@crm/kit';
import { dateInvoice } from './date-invoice.ts';

const dates = (dateFacture = '', dateEcheance = '') => dateInvoice({ dateFacture, dateEcheance });

test('an invoice is of today in Paris and due in 30 days, unless told', () => {
  expect(dates().dateFacture).toBe(todayInParis());
  expect(dates('2026-05-15')).toEqual({ dateFacture: '2026-05-15', dateEcheance: '2026-06-14' });
  expect(dates('2024-01-31')).toEqual({ dateFacture: '2024-01-31', dateEcheance: '2024-03-01' });
  expect(dates('2026-05-15', '2026-05-15').dateEcheance).toBe('2026-05-15');
});

test('it is not due before it is issued, nor after the calendar’s end', () => {
  expect(() => dates('2026-05-15', '2026-05-14')).toThrow('dateEcheance: must not be before 2026-05-15');
  expect(() => dates('2199-12-15')).toThrow('dateEcheance: must not be after');
});
