import { jest } from '@jest/globals';
import { addDays, todayInParis } from '@crm/domain';
import { eventIdOf } from '@crm/kit';
import { RegleRelanceServiceService, type Relance } from '@crm/proto/relance/relance';
import { strandedActivities } from '@crm/workers/follow-ups/tell-of-stranded';
import { relanceWorkflowId, retryWorkflowId } from '@crm/workflows/ids';
import { AMOUNT, ground } from '../support/ground.ts';
import { refusalOf } from '../support/refusal.ts';
import { sharedStack } from '../support/stack.ts';
import { unique } from '../support/unique.ts';
import { until } from '../support/until.ts';
import { countRuns, forget, outcomesOf, workflowIn } from '../support/workflows.ts';

jest.setTimeout(300_000);

const stack = sharedStack();
const { services, issueInvoice, planPayment, prepareClient } = ground(stack);
const { relances, retries, payments } = services;
const regles = stack.client('relance', RegleRelanceServiceService);

afterAll(() => stack.close());

const ALWAYS = {
  ouverture: '00:00',
  fermeture: '00:00',
  tousLesJours: true,
  espacement: 'PT0S',
  modele: 'rappel',
};

/** A client, whose organisation has two levels of reminders that are weeks away. */
async function reminded() {
  const whose = await prepareClient({ organisationId: unique('org') });
  const { organisationId } = whose;
  for (const [index, delai] of ['P15D', 'P30D'].entries())
    await regles.create({ organisationId, niveau: index + 1, delai, ...ALWAYS });
  return {
    ...whose,
    invoice: async () => {
      const invoice = await issueInvoice(whose);
      await until('the plan', () => relances.get({ id: invoice.id }));
      return invoice;
    },
    mails: async () =>
      (await stack.mailsTo(whose.client.email)).filter(({ subject }) => subject.includes('rappel')).length,
  };
}

const OF_IDS = new Set(['EventType', 'OrganisationId', 'ClientId', 'InvoiceId', 'PaymentId']);

/** The workflow's input, its summary and its search attributes. */
async function startedAs(workflowId: string) {
  const temporal = await stack.temporal();
  const handle = temporal.workflow.getHandle(workflowId);
  const [{ events }, { staticSummary, typedSearchAttributes, type }] = await Promise.all([
    handle.fetchHistory(),
    handle.describe(),
  ]);
  const data = events![0]!.workflowExecutionStartedEventAttributes!.input!.payloads![0]!.data!;
  const input = JSON.parse(Buffer.from(data).toString()) as object;
  const attributes = typedSearchAttributes.getAll().map(({ key, value }) => [key.name, value]);
  const known = { ...input, correlationId: '' };
  return {
    ...{ type, input: known, summary: await staticSummary() },
    attributes: attributes.filter(([name]) => OF_IDS.has(name as string)).sort(),
  };
}

const COMMANDS: Record<string, (id: string) => Promise<Relance>> = {
  pause: (id) => relances.pause({ id, motif: 'promesse', jusquAu: addDays(todayInParis(), 9) }),
  resume: (id) => relances.resume({ id }),
  skip: (id) => relances.skip({ id, motif: 'accord' }),
  sendNow: (id) => relances.sendNow({ id }),
  migrer: (id) => relances.migrer({ id, motif: 'nouvelles conditions' }),
  cancel: (id) => relances.cancel({ id, motif: 'litige' }),
};

test('each command for reminders runs again what Temporal has lost, as an event had started it', async () => {
  const { invoice, mails } = await reminded();
  const temporal = await stack.temporal();
  for (const [name, command] of Object.entries(COMMANDS)) {
    const { id } = await invoice();
    if (name === 'resume') await relances.pause({ id, motif: 'promesse' });
    const workflowId = relanceWorkflowId(id);
    const before = await startedAs(workflowId);
    await forget(temporal, workflowId);
    const { statut, prochainNiveau } = await command(id);
    expect([name, statut]).toEqual([name, { pause: 'EN_PAUSE', cancel: 'ANNULEE' }[name] ?? 'EN_ATTENTE']);
    if (name === 'skip') expect(prochainNiveau).toBe(2);
    expect(await startedAs(workflowId)).toEqual(before);
    await workflowIn(temporal, workflowId, name === 'cancel' ? 'COMPLETED' : 'RUNNING');
    if (name === 'sendNow')
      await until('the mail', async () => (await relances.get({ id })).prochainNiveau === 2);
  }
  expect(await mails()).toBe(1);
});

test('each command for retries does so too', async () => {
  const whose = await prepareClient();
  const temporal = await stack.temporal();
  const datePrevue = addDays(todayInParis(), 9);
  const commands: Record<string, (id: string) => Promise<unknown>> = {
    cancel: (id) => retries.cancelSchedule({ id, motif: 'accord' }),
    replan: (id) => retries.replanSchedule({ id, motif: 'salaire', datePrevue }),
    runNow: (id) => retries.runNow({ id, motif: 'crédité' }),
    migrate: (id) => retries.migrateSchedule({ id, motif: 'nouvelle politique' }),
  };
  for (const [name, command] of Object.entries(commands)) {
    const { id: invoiceId } = await issueInvoice(whose);
    const { id } = await planPayment(whose, { invoiceId });
    await payments.reject({ id, motifRejet: 'AM04' });
    const workflowId = retryWorkflowId(id);
    await until('the retries', () => workflowIn(temporal, workflowId, 'RUNNING'));
    const before = await startedAs(workflowId);
    await forget(temporal, workflowId);
    await command(id);
    expect([name, await startedAs(workflowId)]).toEqual([name, before]);
    await workflowIn(temporal, workflowId, name === 'cancel' ? 'COMPLETED' : 'RUNNING');
  }
});

test('when Temporal has forgotten the run, the row decides: what a person ended, or was achieved, stays so', async () => {
  const { invoice, mails, organisationId, clientId } = await reminded();
  const temporal = await stack.temporal();
  const [cancelled, achieved] = [await invoice(), await invoice()];
  await relances.cancel({ id: cancelled.id, motif: 'litige' });
  for (const motif of ['réglé autrement', 'réglé autrement']) await relances.skip({ id: achieved.id, motif });
  for (const { id } of [cancelled, achieved]) {
    const workflowId = relanceWorkflowId(id);
    await workflowIn(temporal, workflowId, 'COMPLETED');
    await forget(temporal, workflowId);
    const before = await relances.get({ id });
    for (const [name, command] of Object.entries(COMMANDS))
      expect([name, (await refusalOf(command(id))).reason]).toEqual([name, 'RELANCE_TERMINEE']);
    expect(await countRuns(temporal, workflowId)).toBe(0);
    const part = { organisationId, clientId, invoiceId: id, montant: AMOUNT / 4n };
    const { id: paymentId } = await payments.create(part);
    const received = await payments.confirm({ id: paymentId });
    const fact = (nth: string) => [paymentId, String(received.tentative), nth];
    await outcomesOf(temporal, eventIdOf('payment.received', fact('1')));
    const rejected = await payments.reject({ id: paymentId, motifRejet: 'MD06', retourBancaire: true });
    expect(rejected.statut).toBe('REJETE');
    const { relance } = await outcomesOf(temporal, eventIdOf('payment.rejected', fact('2')));
    expect(relance!.skipped).toBeDefined();
    await relances.replanifier({ id });
    expect(await relances.get({ id })).toEqual(before);
    expect(
      (await temporal.workflow.count(`WorkflowId = '${workflowId}' AND ExecutionStatus = 'Running'`)).count,
    ).toBe(0);
  }
  expect(await mails()).toBe(0);
});

test('finance is told of what waits for an operator: by number and name, once each time', async () => {
  const { organisationId, clientId, finance } = await prepareClient();
  const { tellOfStranded } = strandedActivities(services, () => `relance/${clientId}`);
  const about = {
    ...{
      organisationId,
      clientId,
      correlationId: '',

      reference: clientId,
    },
    ...{ quoi: 'les relances de la facture F-2026-0042', handler: 'relance', raison: 'adresse refusée' },
    depuis: '2026-11-14T08:00:00.000Z',
  };
  for (const fois of [1, 1, 2]) await tellOfStranded({ ...about, fois });
  const { notifications } = await services.notifications.getNotificationsByUser({ utilisateurId: finance });
  const told = notifications.filter(({ type }) => type === 'suivi.bloque');
  expect(told).toHaveLength(2);
  expect(told[0]).toMatchObject({ titre: 'Un suivi attend une décision', reference: clientId });
  expect(told[0]!.message).toMatch(
    /^Bloqué depuis le 14 novembre 2026 à 09:00.: les relances de la facture F-2026-0042 \(client Zoé Martin\)\. Motif.: adresse refusée\./,
  );
  expect(told[0]!.message).toContain(`ops failed redrive --workflow relance/${clientId}`);
});
