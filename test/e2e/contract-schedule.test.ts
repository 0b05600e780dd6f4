import { eventIdOf } from '@crm/kit';
import { ContratServiceService, type CreateContratRequest } from '@crm/proto/contrats/contrats';
import { MandateServiceService, PaymentScheduleServiceService } from '@crm/proto/payments/payments';
import { sharedStack } from '../support/stack.ts';
import { unique } from '../support/unique.ts';
import { until } from '../support/until.ts';

const stack = sharedStack();
const contrats = stack.client('contrats', ContratServiceService);
const schedules = stack.client('payments', PaymentScheduleServiceService);
const mandates = stack.client('payments', MandateServiceService);

afterAll(() => stack.close());

const signed = (more: Partial<CreateContratRequest> = {}) =>
  contrats.create({ organisationId: unique('org'), clientId: 'client-123', produitId: 'prod-456', ...more });
const scheduleOf = (contratId: string) =>
  until('the schedule', async () => (await schedules.list({ contratId })).schedules[0]);

test('a signed contract has the schedule that it asks for', async () => {
  const organisationId = unique('org');
  const account = {
    iban: 'FR1420041010050500013M02606',
    titulaire: 'Test User',
    dateSignature: '2026-01-15',
  };
  const { id: mandatId } = await mandates.create({ ...account, organisationId, clientId: 'client-123' });
  const { id } = await signed({
    ...{ organisationId, montantTotal: 100_000n, nombreEcheances: 3, mandatId },
    datePremiereEcheance: '2026-12-31',
  });
  const schedule = await scheduleOf(id);
  expect(schedule).toMatchObject({ organisationId, clientId: 'client-123', mandatId });
  expect(schedule.paiements.map(({ montant, datePrevue }) => [montant, datePrevue])).toEqual([
    [33_334n, '2026-12-31'],
    [33_333n, '2027-02-01'],
    [33_333n, '2027-03-01'],
  ]);
});

test('without more, one payment thirty days after the signature', async () => {
  const { id } = await signed({ montantTotal: 5_000n, dateSignature: '2026-01-15' });
  const { paiements } = await scheduleOf(id);
  // 14 February is a Saturday
  expect(paiements.map(({ montant, datePrevue }) => [montant, datePrevue])).toEqual([[5_000n, '2026-02-16']]);
});

test('a contract without an amount has none, and its workflow says why', async () => {
  const { id } = await signed();
  const workflow = (await stack.temporal()).workflow.getHandle(eventIdOf('contract.signed', [id]));
  await until('the reason', async () =>
    says((await workflow.fetchHistory()).events, 'le contrat n’a pas de montant'),
  );
  expect((await schedules.list({ contratId: id })).schedules).toEqual([]);
});

/** Whether a history has words in one of its payloads: other handlers may still be at work. */
const says = (history: unknown, words: string): boolean =>
  history instanceof Uint8Array
    ? Buffer.from(history).includes(words)
    : typeof history === 'object' &&
      history !== null &&
      Object.values(history).some((part) => says(part, words));
