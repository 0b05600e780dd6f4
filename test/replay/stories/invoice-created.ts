import { eventIdOf } from '@crm/kit';
import { randomUUID } from 'node:crypto';
import { AMOUNT } from '../../support/ground.ts';
import type { Stage, Story } from '../stage.ts';
import { failedEventStories, retriedEventStory } from './troubled-events.ts';

/** The event of an invoice that no service knows, of a client whom they know. */
async function unknownInvoice(stage: Stage) {
  const { createClient, publishEvent, failed } = stage;
  const prepared = await createClient();
  const { organisationId, clientId } = prepared;
  const invoiceId = randomUUID();
  const eventId = await publishEvent('invoice.created', {
    ...{ invoiceId, organisationId, clientId, montant: AMOUNT },
    ...{ dateFacture: '2026-06-01', dateEcheance: '2026-07-01' },
  });
  await failed(eventId, 'email', 'relance');
  const becomesKnown = async () =>
    stage.rename('factures.factures', (await stage.issueInvoice(prepared)).id, invoiceId);
  return { eventId, becomesKnown };
}

/** Issues an invoice; answers the id of the event that tells of it. */
async function issue({ createClient, issueInvoice }: Stage, ...whose: Parameters<Stage['createClient']>) {
  const { id } = await issueInvoice(await createClient(...whose));
  return eventIdOf('invoice.created', [id]);
}

export const INVOICE_CREATED_STORIES: Story[] = [
  {
    cases: ['invoiceCreated/all-done'],
    async play(stage, keep) {
      const eventId = await issue(stage);
      await stage.completed(eventId);
      await keep('invoiceCreated/all-done', eventId);
    },
  },
  {
    cases: ['invoiceCreated/nobody-told'],
    async play(stage, keep) {
      const eventId = await issue(stage, { email: '' }, { hasFinance: false });
      await stage.completed(eventId);
      await keep('invoiceCreated/nobody-told', eventId);
    },
  },
  retriedEventStory('invoiceCreated', 'mail', async (stage) => () => issue(stage)),
  ...failedEventStories('invoiceCreated', unknownInvoice),
];
