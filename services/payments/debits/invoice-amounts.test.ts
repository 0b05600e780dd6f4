import { limitToLeft } from './invoice-amounts.ts';

const debit = (id: string, invoiceId: string, montant: bigint) => ({
  ...{ id, invoiceId, montant, depassement: 0n },
});

test('debits of an invoice take what is left of it, the first ones first', () => {
  const debits = [debit('1', 'f', 500n), debit('2', 'f', 500n), debit('3', 'f', 500n), debit('4', 'g', 500n)];
  const limited = limitToLeft(
    debits,
    new Map([
      ['f', 700n],
      ['g', 0n],
    ]),
  );
  expect(limited.map(({ id, montant }) => [id, montant])).toEqual([
    ['1', 500n],
    ['2', 200n],
  ]);
});

test('an invoice that nobody knows, or none, sets no limit', () => {
  const debits = [debit('1', '', 500n), debit('2', 'inconnue', 500n)];
  expect(limitToLeft(debits, new Map())).toEqual(debits);
});

test('more with the bank than is left leaves nothing', () => {
  expect(limitToLeft([debit('1', 'f', 500n)], new Map([['f', -100n]]))).toEqual([]);
});
