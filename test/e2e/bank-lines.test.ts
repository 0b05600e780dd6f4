import { eventIdOf, everyPage } from '@crm/kit';
import {
  MandateServiceService,
  PaiementDeLigne,
  PaymentServiceService,
  type Payment,
} from '@crm/proto/payments/payments';
import { camt054, endToEndId, entry } from '../support/bank-reports.ts';
import { ops } from '../support/ops.ts';
import { refusalOf } from '../support/refusal.ts';
import { sharedStack } from '../support/stack.ts';
import { storedEvent } from '../support/stream.ts';
import { unique } from '../support/unique.ts';
import { until } from '../support/until.ts';

const stack = sharedStack();
const mandates = stack.client('payments', MandateServiceService);
const payments = stack.client('payments', PaymentServiceService);
const organisationId = unique('org');

afterAll(() => stack.close());

const datePrevue = '2026-03-09';

async function planned(): Promise<Payment> {
  const clientId = unique('client');
  const debtor = { clientId, iban: 'FR1420041010050500013M02606', titulaire: 'Test User', organisationId };
  const { id: mandatId } = await mandates.create({ ...debtor, dateSignature: '2026-01-15' });
  return await payments.create({ clientId, organisationId, mandatId, montant: 75_000n, datePrevue });
}

async function presented(): Promise<Payment> {
  const { id } = await planned();
  await payments.emit({ dateCollecte: datePrevue, organisationId });
  return await payments.get({ id });
}

const of = (amount: string, currency = 'EUR') => `<Amt Ccy="${currency}">${amount}</Amt>`;
const collected = (amount = of('750.00')) => ({ id: unique('nobodys'), more: amount });
const returned = (amount?: string) => ({ ...collected(amount), reason: 'AM04' });

/** Imports a report with lines that match nothing. Each entry is a line, so ranks are 1, 2, … */
async function unknown(...entries: Parameters<typeof entry>[0][]): Promise<string> {
  const contenu = camt054(entries.map((one) => entry(one)).join(''));
  const { rapportId, inconnus } = await payments.importBankReport({ nomFichier: 'lines.xml', contenu });
  expect(inconnus).toBe(entries.length);
  return rapportId;
}

const assign = (rapportId: string, id: string, more: Partial<PaiementDeLigne> = {}, rang = 1) =>
  payments.cloreLigneInconnue({
    ...{ rapportId, rang, pourquoi: 'la banque a tronqué la référence' },
    fait: { $case: 'paiement', value: PaiementDeLigne.fromPartial({ id, ...more }) },
  });

const counts = async (id: string) => {
  const { transactions, confirmes, rejetes, inconnus, closes } = await payments.getRapport({ id });
  return { transactions, confirmes, rejetes, inconnus, closes };
};

test('a return is assigned to its payment: it is rejected once, told once, and the line says by whom and why', async () => {
  const { id } = await presented();
  const rapportId = await unknown(returned());
  const closed = await assign(rapportId, id);
  expect(closed).toMatchObject({
    ...{ rapportId, rang: 1, paymentId: id },
    cloture: { genre: 'CLOTURE_PAIEMENT', par: expect.any(String) as string, tentative: 1 },
  });
  expect(closed.cloture!.closAt).toBeInstanceOf(Date);
  expect(await assign(rapportId, id)).toEqual(closed);
  const payment = await payments.get({ id });
  expect(payment).toMatchObject({ statut: 'REJETE', motifRejet: 'AM04' });
  await storedEvent(
    await stack.nats(),
    'crm.events.payment.rejected',
    eventIdOf('payment.rejected', [id, '1', '1']),
  );
  expect(await counts(rapportId)).toEqual({
    transactions: 1,
    confirmes: 0,
    rejetes: 1,
    inconnus: 0,
    closes: 0,
  });
  expect((await payments.getRapport({ id: rapportId })).inconnues).toEqual([closed]);
  // another person's word about it comes too late
  const late = payments.cloreLigneInconnue({
    ...{ rapportId, rang: 1, pourquoi: 'doublon', fait: { $case: 'ecarter' as const, value: {} } },
  });
  expect(await refusalOf(late)).toMatchObject({
    ...{ code: 'FAILED_PRECONDITION', reason: 'LIGNE_CLOSE' },
    message: expect.stringMatching(new RegExp(`PAIEMENT ${id} by \\S+, .*tronqué`)) as string,
  });
});

test('a collection is assigned; another amount only where it is meant', async () => {
  const { id } = await presented();
  const rapportId = await unknown(collected(of('740.00')));
  expect(await refusalOf(assign(rapportId, id))).toMatchObject({
    ...{ reason: 'LIGNE_PAIEMENT', code: 'FAILED_PRECONDITION' },
    message: expect.stringMatching(/paiement\.montantDifferent: .*740,00.*750,00/) as string,
  });
  expect((await payments.get({ id })).statut).toBe('EMIS');
  await assign(rapportId, id, { montantDifferent: true });
  expect((await payments.get({ id })).statut).toBe('ENCAISSE');
  expect(await counts(rapportId)).toEqual({
    transactions: 1,
    confirmes: 1,
    rejetes: 0,
    inconnus: 0,
    closes: 0,
  });
});

test('what cannot be is refused with all that speaks against it, and changes nothing', async () => {
  const [shown, never] = [await presented(), await planned()];
  const rapportId = await unknown(collected(of('740.00', 'USD')), collected());
  const both = await refusalOf(assign(rapportId, shown.id));
  expect(both.message).toMatch(/USD.*paiement\.montantDifferent/);
  expect((await refusalOf(assign(rapportId, shown.id, { montantDifferent: true }))).message).toMatch(/USD/);
  expect((await refusalOf(assign(rapportId, never.id, {}, 2))).message).toMatch(/never presented.*PLANIFIE/);
  expect((await refusalOf(assign(rapportId, shown.id, { tentative: 2 }, 2))).message).toContain('attempt 2');
  const nowhere = await refusalOf(assign(rapportId, unique('none')));
  expect(nowhere).toMatchObject({ code: 'NOT_FOUND', violations: [{ field: 'paiement.id' }, {}] });
  expect(await refusalOf(assign(rapportId, shown.id, {}, 9))).toMatchObject({ code: 'NOT_FOUND' });
  const nothing = payments.cloreLigneInconnue({ rapportId, rang: 1, pourquoi: ' ' });
  const fields = (await refusalOf(nothing)).violations.map(({ field }) => field);
  expect(fields).toEqual(expect.arrayContaining(['fait', 'pourquoi']));
  expect(await counts(rapportId)).toMatchObject({ inconnus: 2, closes: 0 });
  expect((await payments.get({ id: shown.id })).statut).toBe('EMIS');
});

test('of two persons at once one closes a line, and its payment is settled once', async () => {
  const { id } = await presented();
  const rapportId = await unknown(collected());
  const dismissed = payments.cloreLigneInconnue({
    ...{ rapportId, rang: 1, pourquoi: 'doublon', fait: { $case: 'ecarter' as const, value: {} } },
  });
  const ended = await Promise.allSettled([assign(rapportId, id), dismissed, assign(rapportId, id)]);
  const refused = ended.filter(({ status }) => status === 'rejected').length;
  const { statut } = await payments.get({ id });
  expect([refused, statut]).toEqual(statut === 'ENCAISSE' ? [1, 'ENCAISSE'] : [2, 'EMIS']);
  expect(await counts(rapportId)).toMatchObject({ transactions: 1, inconnus: 0 });
  const { confirmes, closes } = await counts(rapportId);
  expect(confirmes + closes).toBe(1);
});

test('open lines are listed oldest first, a page at a time, by report and by organisation', async () => {
  const first = await unknown(collected(), collected(), collected());
  const second = await unknown(collected(), { id: endToEndId((await presented()).id), more: of('1.00') });
  const seen: string[] = [];
  let pageToken = '';
  do {
    const page = await payments.listLignesInconnues({ pageSize: 2, pageToken });
    seen.push(...page.lignes.map(({ rapportId, rang }) => `${rapportId} ${rang}`));
    pageToken = page.nextPageToken;
  } while (pageToken);
  const ours = seen.filter((one) => one.startsWith(first) || one.startsWith(second));
  expect(ours).toEqual([`${first} 1`, `${first} 2`, `${first} 3`, `${second} 1`, `${second} 2`]);
  const { lignes } = await payments.listLignesInconnues({ organisationId, rapportId: second });
  expect(lignes.map(({ rang }) => rang)).toEqual([2]);
});

describe('the command', () => {
  test('lists open lines as people read them, and closes them; the gauge counts them', async () => {
    const { id } = await presented();
    const rapportId = await unknown(returned(), collected(), collected());
    const before = await ops(stack, 'bank-reports', 'list');
    expect(before.code).toBe(0);
    const listed = before.output
      .split('\n')
      .filter((line) => line.startsWith(`${rapportId} `) && /open for/.test(line));
    expect(listed).toEqual([
      expect.stringMatching(
        / 1 {2}750,00 € {2}10 mars 2026 {2}\S+ {2}RETOURNEE AM04 {2}no debit .*open for less than a day$/,
      ),
      expect.stringContaining(' 2  750,00 €'),
      expect.stringContaining(' 3  750,00 €'),
    ]);
    const close = (...args: string[]) => ops(stack, 'bank-reports', 'close', rapportId, ...args);
    const assigned = await close('1', '--payment', id, '--why', 'vu avec la banque');
    expect(assigned).toMatchObject({
      code: 0,
      output: expect.stringContaining('PAIEMENT by chef: vu avec') as string,
    });
    expect((await payments.get({ id })).statut).toBe('REJETE');
    expect((await close('2', '--other-system', '--why', 'ancien logiciel')).code).toBe(0);
    expect((await close('3', '--dismiss', '--why', 'doublon')).code).toBe(0);
    expect(await counts(rapportId)).toEqual({
      transactions: 3,
      confirmes: 0,
      rejetes: 1,
      inconnus: 0,
      closes: 2,
    });
    const { lignes } = await payments.listLignesInconnues({ rapportId, closes: true });
    expect(lignes.map(({ cloture }) => [cloture?.genre, cloture?.par, cloture?.pourquoi])).toEqual([
      ['CLOTURE_PAIEMENT', 'chef', 'vu avec la banque'],
      ['CLOTURE_AUTRE_SYSTEME', 'chef', 'ancien logiciel'],
      ['CLOTURE_ECARTEE', 'chef', 'doublon'],
    ]);
    expect((await payments.listLignesInconnues({ rapportId })).lignes).toEqual([]);
    const after = await ops(stack, 'bank-reports', 'list');
    expect(after.output).not.toContain(rapportId);
    // it is up to 5 seconds old, and others close and import lines meanwhile
    await until(
      'the gauge says what is open',
      async () => (await gauge()) === (await countOpen()) || undefined,
    );
  }, 90_000);

  test('refuses naming the flags, all that is wrong at once', async () => {
    const rapportId = await unknown(collected());
    const { output, code } = await ops(stack, 'bank-reports', 'close', rapportId, 'x', '--as', 'gone');
    expect(code).toBe(1);
    for (const flag of [
      'rank: x',
      '--payment <reference>, --other-system and --dismiss',
      '--why:',
      '--as: gone',
      '--as: goes with',
    ]) {
      expect(output).toContain(flag);
    }
    const { id } = await planned();
    const args = ['--payment', id, '--why', 'doublon'];
    const refused = await ops(stack, 'bank-reports', 'close', rapportId, '1', ...args);
    expect(refused).toMatchObject({
      code: 1,
      output: expect.stringMatching(/^--payment: .*never presented/) as string,
    });
  }, 60_000);
});

async function gauge(): Promise<number> {
  const text = await (await fetch(`http://127.0.0.1:${9465 + stack.portOffset}/metrics`)).text();
  return Number(/^payments_bank_lines_open(?:\{.*\})? (\d+)/m.exec(text)![1]);
}

async function countOpen(): Promise<number> {
  let count = 0;
  for await (const { lignes } of everyPage((at) => payments.listLignesInconnues(at))) count += lignes.length;
  return count;
}
