import { ClientBaseServiceService } from '@crm/proto/clients/clients';
import { InvoiceServiceService } from '@crm/proto/factures/factures';
import { OrganisationServiceService, SocieteServiceService } from '@crm/proto/organisations/organisations';
import {
  CreancierServiceService,
  MandateServiceService,
  PaymentServiceService,
} from '@crm/proto/payments/payments';
import { refusalOf } from '../support/refusal.ts';
import { sharedStack } from '../support/stack.ts';
import { unique } from '../support/unique.ts';

const DAY = '2026-03-09';
const stack = sharedStack();
const creanciers = stack.client('payments', CreancierServiceService);
const clients = stack.client('clients', ClientBaseServiceService);
const factures = stack.client('factures', InvoiceServiceService);
const mandates = stack.client('payments', MandateServiceService);
const organisations = stack.client('organisations', OrganisationServiceService);
const payments = stack.client('payments', PaymentServiceService);
const societes = stack.client('organisations', SocieteServiceService);

afterAll(() => stack.close());

/** A client of an organisation, with a mandate. */
async function debtorOf(organisationId = unique('org')) {
  const whose = { organisationId, clientId: unique('client') };
  const account = { iban: 'FR1420041010050500013M02606', titulaire: 'Test', dateSignature: '2026-01-15' };
  const { id: mandatId } = await mandates.create({ ...whose, ...account });
  return { ...whose, mandatId };
}
const debit = { montant: 75_000n, datePrevue: DAY };

describe('an organisation with a société of its own and no creditor', () => {
  test('is not collected for by somebody else: neither is a debit planned, nor presented or announced', async () => {
    const debtor = await debtorOf();
    const { organisationId, clientId, mandatId } = debtor;
    const before = await payments.create({ ...debtor, ...debit });
    await societes.create({ organisationId, raisonSociale: 'Horizon' });
    const named = expect.stringMatching(
      new RegExp(`${organisationId} has a société of its own .*CreancierService/Create`),
    ) as string;
    const refused = { code: 'FAILED_PRECONDITION', reason: 'CREANCIER', message: named };
    expect(await refusalOf(payments.create({ ...debtor, ...debit }))).toMatchObject(refused);
    expect(await refusalOf(mandates.verifier({ organisationId, clientId, mandatId }))).toMatchObject(refused);
    expect(await refusalOf(payments.emit({ dateCollecte: DAY, organisationId }))).toMatchObject(refused);
    expect(await refusalOf(payments.getPrenotification({ id: before.id }))).toMatchObject(refused);
    expect((await payments.get({ id: before.id })).statut).toBe('PLANIFIE');
    // a transfer needs no creditor
    const transfer = { organisationId, clientId, montant: 75_000n };
    expect((await payments.create(transfer)).statut).toBe('PLANIFIE');

    const own = { nom: 'Horizon', iban: 'DE89370400440532013000', ics: 'FR72ZZZ123456' };
    await creanciers.create({ organisationId, ...own });
    await payments.create({ ...debtor, ...debit });
    const { nombre, contenu } = await payments.emit({ dateCollecte: DAY, organisationId });
    expect(nombre).toBe(2);
    expect(contenu.toString()).toContain('<IBAN>DE89370400440532013000</IBAN>');
    expect(contenu.toString()).not.toContain(stack.env.CREANCIER_IBAN);
  });

  test('is not, whether its société goes by the id or the code of the organisation', async () => {
    const { id, code } = await organisations.create({ nom: 'Horizon', code: unique('org') });
    const { id: clientId } = await clients.create({ organisationId: code, nom: 'Martin' });
    const whose = { organisationId: code, clientId };
    const account = { iban: 'FR1420041010050500013M02606', titulaire: 'T', dateSignature: '2026-01-15' };
    const { id: mandatId } = await mandates.create({ ...whose, ...account });
    await societes.create({ organisationId: id, raisonSociale: 'Horizon' });
    expect((await refusalOf(payments.create({ ...whose, mandatId, ...debit }))).reason).toBe('CREANCIER');
  });

  test('is answered again what it was answered before it had a société', async () => {
    const debtor = await debtorOf();
    const keyed = { metadata: { 'idempotency-key': unique('key') } };
    const first = await payments.create({ ...debtor, ...debit }, keyed);
    await societes.create({ organisationId: debtor.organisationId, raisonSociale: 'Horizon' });
    expect(await payments.create({ ...debtor, ...debit }, keyed)).toEqual(first);
  });
});

describe('a payment above what is left of its invoice', () => {
  const invoiceOf = (whose: { organisationId: string; clientId: string }) =>
    factures.create({ organisationId: whose.organisationId, clientId: whose.clientId, montant: 100_000n });

  test('is refused, saying what is left', async () => {
    const debtor = await debtorOf();
    const { id: invoiceId, numero } = await invoiceOf(debtor);
    await factures.createCreditNote({ invoiceId, montant: 10_000n, motif: 'Geste' });
    const paid = { organisationId: debtor.organisationId, clientId: debtor.clientId, montant: 30_000n };
    await payments.confirm({ id: (await payments.create({ ...paid, invoiceId })).id });
    const plan = (montant: bigint) => payments.create({ ...debtor, invoiceId, datePrevue: DAY, montant });
    expect((await plan(60_000n)).depassement).toBe(0n);
    expect(await refusalOf(plan(60_001n))).toMatchObject({
      ...{ code: 'FAILED_PRECONDITION', reason: 'DEPASSEMENT' },
      message: expect.stringMatching(
        new RegExp(`^montant: 60001 .* 60000 are left of invoice ${numero}; say accepteDepassement`),
      ) as string,
    });
  });

  test('is debited as a whole where that was asked for, and this is remembered', async () => {
    const debtor = await debtorOf();
    const { id: invoiceId } = await invoiceOf(debtor);
    const asked = { ...debtor, invoiceId, datePrevue: DAY, montant: 120_000n, accepteDepassement: true };
    const { id, depassement } = await payments.create(asked);
    expect(depassement).toBe(20_000n);
    expect(await payments.get({ id })).toMatchObject({ montant: 120_000n, depassement: 20_000n });
    expect((await payments.getPrenotification({ id })).depassement).toBe(20_000n);
    const emitted = await payments.emit({ dateCollecte: DAY, organisationId: debtor.organisationId });
    expect(emitted).toMatchObject({ nombre: 1, total: 120_000n });
  });

  test('is not debited of an invoice that was settled since', async () => {
    const debtor = await debtorOf();
    const { id: invoiceId } = await invoiceOf(debtor);
    const asked = { ...debtor, invoiceId, datePrevue: DAY, montant: 120_000n, accepteDepassement: true };
    await payments.create(asked);
    await factures.markAsPaid({ id: invoiceId });
    const emitted = await payments.emit({ dateCollecte: DAY, organisationId: debtor.organisationId });
    expect(emitted.nombre).toBe(0);
  });
});
