import { eventIdOf } from '@crm/kit';
import { randomUUID } from 'node:crypto';
import { DEBTOR, type Stage, type Story } from '../stage.ts';
import { failedEventStories, retriedEventStory } from './troubled-events.ts';

/** Signs a contract; answers the id of the event that tells of it. */
async function sign(
  { createClient, signContract }: Stage,
  email?: string,
  fields?: { montantTotal: bigint },
) {
  const { id } = await signContract(await createClient(email === undefined ? {} : { email }), fields);
  return eventIdOf('contract.signed', [id]);
}

/** The event of a contract that no service knows, of a client whom they know. */
async function unknownContract(stage: Stage) {
  const { createClient, publishEvent, failed } = stage;
  const whose = await createClient();
  const { organisationId, clientId } = whose;
  const contratId = randomUUID();
  const eventId = await publishEvent('contract.signed', {
    ...{ contratId, organisationId, clientId, produitId: 'prod-456' },
    ...{ montantTotal: 100_000n, dateSignature: '2026-06-01' },
  });
  await failed(eventId, 'payments', 'email', 'documents');
  const becomesKnown = async () => {
    const { id } = await stage.signContract(whose);
    await stage.completed(eventIdOf('contract.signed', [id]));
    await stage.rename('contrats.contrats', id, contratId);
  };
  return { eventId, becomesKnown };
}

export const CONTRACT_SIGNED_STORIES: Story[] = [
  {
    cases: ['contractSigned/all-done'],
    async play(stage, keep) {
      const eventId = await sign(stage);
      await stage.completed(eventId);
      await keep('contractSigned/all-done', eventId);
    },
  },
  {
    cases: ['contractSigned/skipped-payments-and-email'],
    async play(stage, keep) {
      const eventId = await sign(stage, '', { montantTotal: 0n });
      await stage.completed(eventId);
      await keep('contractSigned/skipped-payments-and-email', eventId);
    },
  },
  {
    cases: ['contractSigned/by-direct-debit'],
    async play({ createClient, signContract, services, completed }, keep) {
      const whose = await createClient();
      const { organisationId, clientId } = whose;
      const mandate = { organisationId, clientId, ...DEBTOR, dateSignature: '2026-06-01' };
      const { id: mandatId } = await services.mandats.create(mandate);
      const { id } = await signContract(whose, { mandatId });
      const eventId = eventIdOf('contract.signed', [id]);
      await completed(eventId);
      await keep('contractSigned/by-direct-debit', eventId);
    },
  },
  retriedEventStory('contractSigned', 'mail', async (stage) => () => sign(stage)),
  ...failedEventStories('contractSigned', unknownContract),
];
