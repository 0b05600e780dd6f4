import { ClientBaseServiceService } from '@crm/proto/clients/clients';
import { ContratServiceService } from '@crm/proto/contrats/contrats';
import { InvoiceServiceService } from '@crm/proto/factures/factures';
import { MandateServiceService, PaymentServiceService } from '@crm/proto/payments/payments';
import { todayInParis } from '@crm/domain';
import { Temporal } from 'temporal-polyfill';
import { sharedStack } from '../support/stack.ts';
import { unique, uniqueAddress } from '../support/unique.ts';
import { until } from '../support/until.ts';

const stack = sharedStack();
const clients = stack.client('clients', ClientBaseServiceService);
const contrats = stack.client('contrats', ContratServiceService);
const factures = stack.client('factures', InvoiceServiceService);
const mandates = stack.client('payments', MandateServiceService);
const payments = stack.client('payments', PaymentServiceService);

afterAll(() => stack.close());

const inDays = (days: number) => Temporal.PlainDate.from(todayInParis()).add({ days }).toString();

/** A client with a mandate; `plan` plans debits whatever banks are open. */
async function debtor(prenotificationJours?: number) {
  const organisationId = unique('org');
  const email = uniqueAddress();
  const { id: clientId } = await clients.create({ organisationId, nom: 'Martin', prenom: 'Zoé', email });
  const account = {
    iban: 'FR1420041010050500013M02606',
    titulaire: 'Zoé Martin',
    dateSignature: '2026-01-15',
  };
  const mandat = await mandates.create({ organisationId, clientId, ...account, prenotificationJours });
  return {
    email,
    mandat,
    ids: { organisationId, clientId },
    async plan(days: number, more: object = {}) {
      const whose = { organisationId, clientId, mandatId: mandat.id };
      const { id } = await payments.create({
        ...whose,
        montant: 123_456n,
        datePrevue: '2026-03-09',
        ...more,
      });
      await stack.sql(`UPDATE payments.payments SET date_prevue = $2 WHERE id = $1`, id, inDays(days));
      return id;
    },
    told: async () => (await stack.mailsTo(email)).filter(({ subject }) => /prélèvement de/i.test(subject)),
  };
}

/** The Schedule's workflow, run once more. */
async function run() {
  const { schedule, workflow } = await stack.temporal();
  const { info } = await schedule.getHandle('prenotify-debits').describe();
  const since = info.numActionsTaken;
  await until('a run of its own', async () => {
    await schedule.getHandle('prenotify-debits').trigger();
    const { numActionsTaken } = (await schedule.getHandle('prenotify-debits').describe()).info;
    return numActionsTaken > since;
  });
  const { recentActions } = (await schedule.getHandle('prenotify-debits').describe()).info;
  const { action } = recentActions.at(-1)!;
  await workflow.getHandle(action.workflow.workflowId, action.workflow.firstExecutionRunId).result();
}

test('a client is told once of a debit, 14 days ahead; again when it is moved; not sooner', async () => {
  const { plan, told, mandat } = await debtor();
  const [due, later] = [await plan(14), await plan(15)];
  await run();
  await run();
  const mails = await until('the mail', async () => {
    const found = await told();
    return found.length > 0 && found;
  });
  expect(mails).toHaveLength(1);
  const text = mails[0]!.text.replace(/[\u00a0\u202f]/g, ' ');
  expect(text).toMatch(/1 234,56 €/);
  for (const fact of [mandat.rum, 'FR14 **** 606', stack.env.CREANCIER_ICS!]) expect(text).toContain(fact);
  expect(text).not.toContain('2004101005');
  expect(await payments.get({ id: due })).toMatchObject({ prenotifiePour: inDays(14) });
  expect(await payments.get({ id: later })).toMatchObject({ prenotifiePour: '' });
  await stack.sql(`UPDATE payments.payments SET date_prevue = $2 WHERE id = $1`, due, inDays(10));
  await run();
  await until('the second mail', async () => (await told()).length === 2);
});

test('a mandate agrees on less; a debit that is planned late is told of at once', async () => {
  const { plan, told } = await debtor(2);
  const [early, late] = [await plan(3), await plan(1)];
  await run();
  await until('the mail', async () => (await told()).length === 1);
  expect(await payments.get({ id: late })).toMatchObject({ prenotifiePour: inDays(1) });
  expect(await payments.get({ id: early })).toMatchObject({ prenotifiePour: '' });
});

test('what remains of the invoice is what is told; of an invoice that is paid nothing is', async () => {
  const { plan, told, ids } = await debtor();
  const invoice = async (montant: bigint) => await factures.create({ ...ids, montant });
  const [part, paid] = [await invoice(123_456n), await invoice(123_456n)];
  await plan(5, { invoiceId: part.id });
  const none = await plan(5, { invoiceId: paid.id });
  await factures.createCreditNote({ invoiceId: part.id, montant: 23_456n, motif: 'Geste' });
  await factures.markAsPaid({ id: paid.id });
  await run();
  const [mail] = await until('the mail', async () => {
    const found = await told();
    return found.length > 0 && found;
  });
  const text = mail!.text.replace(/[\u00a0\u202f]/g, ' ');
  expect(text).toContain(part.numero);
  expect(text).not.toContain('1 234,56');
  expect(await payments.get({ id: none })).toMatchObject({ prenotifiePour: '' });
});

test('of a debit whose contract was terminated nobody is told', async () => {
  const { plan, told, ids } = await debtor();
  const contrat = await contrats.create({ ...ids, produitId: 'prod-456' });
  await contrats.resilier({ id: contrat.id, motif: 'déménagement' });
  const [left, other] = [await plan(5, { contratId: contrat.id }), await plan(5)];
  await run();
  await until('the mail', async () => (await told()).length > 0);
  expect(await payments.get({ id: other })).toMatchObject({ prenotifiePour: inDays(5) });
  expect(await payments.get({ id: left })).toMatchObject({ prenotifiePour: '' });
  expect(await told()).toHaveLength(1);
});

test('one without an address keeps nobody from being told', async () => {
  const [silent, other] = [await debtor(), await debtor()];
  await clients.update({ id: silent.ids.clientId, email: '' });
  const id = await silent.plan(3);
  await other.plan(3);
  await run();
  await until('the mail', async () => (await other.told()).length === 1);
  expect(await payments.get({ id })).toMatchObject({ prenotifiePour: '' });
});
