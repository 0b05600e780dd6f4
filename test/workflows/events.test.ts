import { jest } from '@jest/globals';
import { redrive } from '@crm/workflows/event-workflow';
import { definitionOf, eventTypes } from '@crm/workflows/events';
import { downUntil, MINUTE, refuses } from './support/fakes.ts';
import { runEvent } from './support/run-event.ts';

jest.setTimeout(60_000);

test.each(eventTypes)('%s: each of its handlers once, at once, with the event', async (eventType) => {
  const { outcomes, attempts } = await runEvent(eventType, {});
  const handlers = Object.entries(definitionOf(eventType).handlers);
  expect(outcomes).toEqual(
    Object.fromEntries(handlers.map(([name, { activity }]) => [name, { done: activity }])),
  );
  expect(attempts.map(({ activity }) => activity)).toEqual(handlers.map(([, { activity }]) => activity));
  for (const { local, atMs } of attempts) expect([local, atMs < MINUTE]).toEqual([true, true]);
});

test('an invoice: its handlers are told the amount', async () => {
  const { attempts } = await runEvent('invoice.created', { invoiceId: 'f-1', montant: 120_000n });
  for (const { input } of attempts) expect(input).toMatchObject({ invoiceId: 'f-1', montant: '120000' });
});

test('an invoice: a mail server that is away for twenty minutes is waited for, and nothing else waits', async () => {
  const { outcomes, attempts } = await runEvent('invoice.created', {}, { email: downUntil(20 * MINUTE) });
  expect(outcomes).toMatchObject({ email: { done: 'enfin' }, relance: { done: 'startInvoiceReminder' } });
  expect(attempts.filter(({ activity }) => activity === 'startInvoiceReminder')).toHaveLength(1);
});

test('a payment: a commission that has nothing to compute is skipped', async () => {
  const nothing = { skipped: 'aucun commercial' };
  const { outcomes } = await runEvent('payment.received', {}, { commission: () => nothing });
  expect(outcomes.commission).toEqual(nothing);
});

test('a rejection: retries that were refused are started when redriven', () =>
  runEvent('payment.rejected', { paymentId: 'p-1' }, { retry: refuses('inconnu', 1) }, async (run) => {
    await run.until('refused', async () => (await run.failed())?.join() === 'retry');
    await run.handle.signal(redrive, { who: 'alice', why: 'créé depuis' });
    expect(await run.result()).toMatchObject({ retry: { done: 'enfin' } });
  }));

test('a contract: payments that are late do not hold up its confirmation', () =>
  runEvent('contract.signed', {}, { payments: downUntil(30 * MINUTE) }, async (run) => {
    await run.passes('17 minutes');
    expect(await run.late()).toEqual(['payments']);
    expect(run.attemptsOf('sendContractConfirmation')).toHaveLength(1);
    expect(await run.result()).toMatchObject({ payments: { done: 'enfin' } });
  }));
