import { EcheanceAgenda, GenreEcheance } from '@crm/proto/relance/agenda';
import { orderOf } from './line.ts';

const level = (invoiceId: string, numero: number, datePrevue?: Date) =>
  orderOf(EcheanceAgenda.fromPartial({ genre: GenreEcheance.MAIL_RELANCE, invoiceId, numero, datePrevue }));

test('the levels of an invoice that wait for a word are in order of their numbers, and stay together', () => {
  const invoices = Array.from({ length: 20 }, (_, n) => `facture-${n}`);
  const orders = invoices.flatMap((id) => [level(id, 10), level(id, 2), level(id, 1)]).sort();
  for (const id of invoices) {
    const first = orders.indexOf(level(id, 1));
    expect([orders.indexOf(level(id, 2)), orders.indexOf(level(id, 10))]).toEqual([first + 1, first + 2]);
  }
});

test('what has a date comes before what has none', () => {
  expect(level('a', 2, new Date('2199-12-31')) < level('a', 1)).toBe(true);
});
