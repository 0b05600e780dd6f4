import { setTimeout as delay } from 'node:timers/promises';
import { jest } from '@jest/globals';
import { inParis } from '@crm/domain';
import { DEFAULT_LEVEL } from '@crm/relance/regles-relance';
import { quietRuntime } from '@crm/tools/quiet-runtime';
import { ServicesInMemory } from './support/simulation/services-in-memory.ts';
import { invoiceReminderActivities } from '@crm/workers/follow-ups/invoice-reminder';
import { tellInvoiceReminder } from '@crm/workers/follow-ups/start-invoice-reminder';
import { withFailures } from '@crm/workers/rpc-failure';
import { workflowBundle } from '@crm/workers/workflow-bundle';
import { FOLLOW_UPS_QUEUE, REMINDERS_QUEUE } from '@crm/workflows/task-queues';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { Worker } from '@temporalio/worker';
import { NAMESPACE, startDevServer } from '../support/dev-server.ts';
import { until } from '../support/until.ts';
import { DAY } from './support/fakes.ts';

jest.setTimeout(120_000);
quietRuntime();

let server: TestWorkflowEnvironment;
beforeAll(async () => {
  server = await startDevServer();
  // made once for all workers; it may take longer than the test's clock has
  await workflowBundle();
});
afterAll(() => server?.teardown());

const ALWAYS = { ouverture: '00:00', fermeture: '00:00', tousLesJours: true, espacement: 'PT0S' };

/** Runs work beside the workers of follow-ups, which end with it. */
async function withWorkers(activities: object, work: () => Promise<unknown>): Promise<void> {
  const common = { connection: server.nativeConnection, namespace: NAMESPACE, activities };
  const followUps = await Worker.create({
    ...{ ...common, taskQueue: FOLLOW_UPS_QUEUE, shutdownGraceTime: '1 second' },
    workflowBundle: await workflowBundle(),
  });
  const reminders = await Worker.create({
    ...{ ...common, taskQueue: REMINDERS_QUEUE, shutdownGraceTime: '1 second' },
  });
  await followUps.runUntil(reminders.runUntil(work));
}

/**
 * No server's clock leaps over days while a task waits for a worker. So what is known of time moves instead: the
 * instant three days back, and the next opening to some seconds from now.
 */
test('due while nothing ran for three days: sent at the next opening, once', async () => {
  const now = () => Promise.resolve(new Date());
  const dueAt = Date.now() + 6_000;
  const levels = [{ ...DEFAULT_LEVEL, ...ALWAYS, delai: 'PT6S' }];
  const nextOpenDay = (date: string) => Promise.resolve(date);
  const world = new ServicesInMemory({ now, levels, nextOpenDay });
  world.clients.set('c-1', { email: 'a@exemple.test', nom: 'A', prenom: '' } as never);
  const dateFacture = inParis(new Date()).toPlainDate().toString();
  const invoice = world.issue({
    ...{ id: 'f-1', numero: 'F-1', clientId: 'c-1', organisationId: 'org', montant: 10_000n },
    ...{ dateFacture, dateEcheance: dateFacture, createdAt: new Date() },
  });
  const activities = withFailures(invoiceReminderActivities(world.services()));

  await withWorkers(activities, async () => {
    await tellInvoiceReminder(server.client, 'invoice.created', invoice, { correlationId: 'test' });
    await until('the plan', () => world.relances.rows.get('f-1')?.prochaineAt);
  });
  expect(Date.now()).toBeLessThan(dueAt);
  expect(world.mails).toEqual([]);

  await delay(dueAt + 1_000 - Date.now());
  const row = world.relances.rows.get('f-1')!;
  const opening = inParis(new Date()).add({ seconds: 8 }).round('second');
  const level = row.niveaux[0]!;
  Object.assign(level, { dueAt: new Date(dueAt - 3 * DAY), ouverture: opening.toPlainTime().toString() });
  Object.assign(row, { prochaineAt: new Date(dueAt - 3 * DAY) });

  const reminder = server.client.workflow.getHandle('relance/f-1');
  await withWorkers(activities, () => reminder.result());
  expect(world.mails).toHaveLength(1);
  expect(world.mails[0]!.at.getTime()).toBeGreaterThanOrEqual(opening.epochMilliseconds);
  expect(world.relances.rows.get('f-1')!.statut).toBe('ACHEVEE');
});
