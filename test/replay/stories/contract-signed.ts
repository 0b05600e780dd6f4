import { eventIdOf } from '@crm/kit';
import { randomUUID } from 'node:crypto';
import type { Stage, Story } from '../stage.ts';

/** Signs a contract; answers the id of the event that tells of it. */
async function sign({ createClient, signContract }: Stage, { email, montantTotal }: Signed = {}) {
  const whose = await createClient(email === undefined ? {} : { email });
  const { id } = await signContract(whose, montantTotal);
  return eventIdOf('contract.signed', [id]);
}

type Signed = { email?: string; montantTotal?: bigint };

/** The event of a contract that no service knows, of a client whom they know. */
async function unknownContract({ createClient, publishEvent, failed }: Stage) {
  const whose = await createClient();
  const { organisationId, clientId } = whose;
  const contratId = randomUUID();
  const eventId = await publishEvent('contract.signed', {
    ...{ contratId, organisationId, clientId, produitId: 'prod-456' },
    ...{ montantTotal: 100_000n, dateSignature: '2026-06-01' },
  });
  await failed(eventId, 'payments', 'email', 'documents');
  return { ...whose, contratId, eventId };
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
      const eventId = await sign(stage, { email: '', montantTotal: 0n });
      await stage.completed(eventId);
      await keep('contractSigned/skipped-payments-and-email', eventId);
    },
  },
  {
    cases: ['contractSigned/retrying', 'contractSigned/retried'],
    async play(stage, keep) {
      const { platform } = stage.stack;
      await platform.stop('mail');
      const eventId = await sign(stage);
      await stage.retries(eventId);
      await keep('contractSigned/retrying', eventId);
      await platform.start('mail');
      await stage.completed(eventId);
      await keep('contractSigned/retried', eventId);
    },
  },
  {
    cases: ['contractSigned/failed-open', 'contractSigned/skipped-by-operator'],
    async play(stage, keep) {
      const { eventId } = await unknownContract(stage);
      await keep('contractSigned/failed-open', eventId);
      await stage.skip(eventId);
      await stage.completed(eventId);
      await keep('contractSigned/skipped-by-operator', eventId);
    },
  },
  {
    cases: ['contractSigned/redriven'],
    async play(stage, keep) {
      const { contratId, eventId, ...whose } = await unknownContract(stage);
      const known = await stage.signContract(whose);
      await stage.completed(eventIdOf('contract.signed', [known.id]));
      await stage.rename('contrats.contrats', known.id, contratId);
      await stage.redrive(eventId);
      await stage.completed(eventId);
      await keep('contractSigned/redriven', eventId);
    },
  },
];
