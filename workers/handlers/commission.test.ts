import { Metadata } from '@grpc/grpc-js';
import { failedPrecondition, notFound, type RpcError } from '@crm/kit';
import { PaymentReceivedEvent } from '@crm/proto/events/payment_events';
import { Status } from '@crm/proto/google/rpc/status';
import type { Services } from '../clients.ts';
import { commissionHandlers } from './commission.ts';

const event = PaymentReceivedEvent.fromPartial({
  paymentId: 'p-1',
  organisationId: 'org-1',
  clientId: 'c-1',
  montant: 1000n,
});
const context = { metadata: { 'idempotency-key': 'event/commission' }, deadlineMs: 2_000 };
/** An error as a gRPC client rejects with. */
function answered({ code, message, details }: RpcError) {
  const metadata = new Metadata();
  const any = details.map(({ type, value }) => ({
    typeUrl: `type.googleapis.com/${type}`,
    value: Buffer.from(value),
  }));
  metadata.set(
    'grpc-status-details-bin',
    Buffer.from(Status.encode({ code, message, details: any }).finish()),
  );
  return Object.assign(new Error(message), { code, metadata });
}

/** Runs the handler with the given payment, contract and commission service. */
async function compute(payment: object, contrat: object, refusal?: RpcError, facture?: object) {
  const asked: unknown[] = [];
  const services = {
    payments: { get: () => Promise.resolve({ statut: 'ENCAISSE', contratId: 'k-1', ...payment }) },
    contrats: { get: () => Promise.resolve(contrat) },
    factures: {
      get: ({ id }: { id: string }) =>
        facture ? Promise.resolve(facture) : Promise.reject(answered(notFound('facture', id))),
    },
    commissions: {
      calculerCommission: (...call: unknown[]) => {
        asked.push(call);
        return refusal ? Promise.reject(answered(refusal)) : Promise.resolve({ id: 'com-1' });
      },
    },
  } as unknown as Services;
  const outcome = await commissionHandlers(services).computeCommission(event, context);
  return { outcome, asked };
}

test('the apporteur of the contract earns on what was received, under the event’s key', async () => {
  const { outcome, asked } = await compute({}, { apporteurId: 'a-1' });
  expect(outcome).toEqual({ done: 'com-1' });
  const request = {
    ...{ organisationId: 'org-1', clientId: 'c-1', paymentId: 'p-1', montant: 1000n },
    ...{ contratId: 'k-1', apporteurId: 'a-1' },
  };
  expect(asked).toEqual([[request, context]]);
});

test('a payment of an invoice belongs to the contract of the invoice', async () => {
  const payment = { contratId: '', invoiceId: 'f-1' };
  const { outcome, asked } = await compute(payment, { apporteurId: 'a-1' }, undefined, { contratId: 'k-2' });
  expect(outcome).toEqual({ done: 'com-1' });
  expect(asked).toMatchObject([[{ contratId: 'k-2', apporteurId: 'a-1' }, context]]);
  const none = { outcome: { skipped: 'le paiement ne vient d’aucun contrat' }, asked: [] };
  expect(await compute(payment, { apporteurId: 'a-1' })).toEqual(none);
  expect(await compute(payment, { apporteurId: 'a-1' }, undefined, { contratId: '' })).toEqual(none);
});

test.each([
  [{ contratId: '' }, {}, 'le paiement ne vient d’aucun contrat'],
  [{ statut: 'REJETE' }, { apporteurId: 'a-1' }, 'le paiement n’est plus encaissé'],
  [{}, { apporteurId: '' }, 'le contrat n’a pas d’apporteur'],
])('nothing is asked for where nothing is earned %#', async (payment, contrat, skipped) => {
  expect(await compute(payment, contrat)).toEqual({ outcome: { skipped }, asked: [] });
});

test.each([
  ['APPORTEUR_INACTIF', 'l’apporteur est inactif'],
  ['APPORTEUR_SANS_BAREME', 'l’apporteur n’a pas de barème'],
])('the refusal %s is no failure', async (reason, skipped) => {
  const { outcome } = await compute({}, { apporteurId: 'a-1' }, failedPrecondition(reason, 'refused'));
  expect(outcome).toEqual({ skipped });
});

test('any other refusal is one', async () => {
  for (const refusal of [notFound('apporteur', 'a-1'), failedPrecondition('EVENT_EXPIRED', 'too old')]) {
    await expect(compute({}, { apporteurId: 'a-1' }, refusal)).rejects.toThrow(refusal.message);
  }
});
