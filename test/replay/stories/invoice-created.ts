import { eventIdOf } from '@crm/kit';
import { randomUUID } from 'node:crypto';
import { AMOUNT } from '../../support/ground.ts';
import type { Stage, Story } from '../stage.ts';

/** The event of an invoice that no service knows, of a client whom they know. */
async function unknownInvoice({ createClient, publishEvent, failed }: Stage) {
  const prepared = await createClient();
  const { organisationId, clientId } = prepared;
  const invoiceId = randomUUID();
  const eventId = await publishEvent('invoice.created', {
    ...{ invoiceId, organisationId, clientId, montant: AMOUNT },
    ...{ dateFacture: '2026-06-01', dateEcheance: '2026-07-01' },
  });
  await failed(eventId, 'email', 'relance');
  return { ...prepared, invoiceId, eventId };
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
  {
    cases: ['invoiceCreated/retrying', 'invoiceCreated/retried'],
    async play(stage, keep) {
      const { platform } = stage.stack;
      await platform.stop('mail');
      const eventId = await issue(stage);
      await stage.retries(eventId);
      await keep('invoiceCreated/retrying', eventId);
      await platform.start('mail');
      await stage.completed(eventId);
      await keep('invoiceCreated/retried', eventId);
    },
  },
  {
    cases: ['invoiceCreated/failed-open', 'invoiceCreated/skipped-by-operator'],
    async play(stage, keep) {
      const { eventId } = await unknownInvoice(stage);
      await keep('invoiceCreated/failed-open', eventId);
      await stage.skip(eventId);
      await stage.completed(eventId);
      await keep('invoiceCreated/skipped-by-operator', eventId);
    },
  },
  {
    cases: ['invoiceCreated/redriven'],
    async play(stage, keep) {
      const { invoiceId, eventId, ...whose } = await unknownInvoice(stage);
      const known = await stage.issueInvoice(whose);
      await stage.rename('factures.factures', known.id, invoiceId);
      await stage.redrive(eventId);
      await stage.completed(eventId);
      await keep('invoiceCreated/redriven', eventId);
    },
  },
];
