import type { Truth } from '@crm/domain';
import { Payment } from '@crm/proto/payments/payments';
import { decideDue, fateOf, obstacleToPresenting, type Due, type Fate } from './decide-attempt.ts';

const payment = (fields: object) => Payment.fromPartial({ mandatId: 'm-1', ...fields });
const obstacle = (statut: string, eligibilite: string) =>
  ({ obstacle: { statut, eligibilite, motifFin: '' } }) as Truth;

test.each<[string, Truth, string, Due]>([
  [
    'that nothing stands in the way of',
    { payment: payment({ statut: 'REJETE', tentative: 1 }) },
    '',
    'submit',
  ],
  ['that something stands in the way of', obstacle('ARRETE', 'NOT_ELIGIBLE_MANDATE_REVOKED'), '', 'stop'],
  ['whose payment is settled', obstacle('ENCAISSE', 'NOT_ELIGIBLE_PAYMENT_SETTLED'), '', 'stop'],
  [
    'that was made, and its answer lost',
    { payment: payment({ statut: 'PLANIFIE', tentative: 2 }) },
    '',
    'recordSubmission',
  ],
  [
    'that the bank has already',
    { payment: payment({ statut: 'EMIS', tentative: 2 }) },
    '',
    'recordSubmission',
  ],
  [
    'that was rejected already',
    { payment: payment({ statut: 'REJETE', tentative: 2 }) },
    '',
    'recordRejection',
  ],
  [
    'that was planned by the mandate it goes by',
    { payment: payment({ statut: 'PLANIFIE', tentative: 2 }) },
    'm-1',
    'recordSubmission',
  ],
  [
    'that was planned by a mandate that was revoked',
    { payment: payment({ statut: 'PLANIFIE', tentative: 2 }) },
    'm-2',
    'submit',
  ],
  [
    'by another mandate, that the bank has',
    { payment: payment({ statut: 'EMIS', tentative: 2 }) },
    'm-2',
    'recordSubmission',
  ],
])('an attempt that is due, %s', (_, truth, mandatId, due) =>
  expect(decideDue({ mandatId }, { numero: 1 }, truth)).toBe(due),
);

test.each<[string, number, Fate]>([
  ['ENCAISSE', 3, 'collected'],
  ['REJETE', 3, 'rejected'],
  ['REJETE', 2, 'elsewhere'],
  ['PLANIFIE', 3, 'waits'],
  ['EMIS', 3, 'withTheBank'],
  ['ANNULE', 3, 'elsewhere'],
])('of retry 2, a payment that is %s at its attempt %i says: %s', (statut, tentative, fate) =>
  expect(fateOf(payment({ statut, tentative }), 2)).toBe(fate),
);

test.each<[string, Truth, boolean]>([
  ['its mandate is revoked', obstacle('ARRETE', 'NOT_ELIGIBLE_MANDATE_REVOKED'), true],
  ['its contract is terminated', obstacle('ARRETE', 'NOT_ELIGIBLE_CONTRACT_CANCELLED'), true],
  ['its invoice is settled', obstacle('ARRETE', 'NOT_ELIGIBLE_PAYMENT_SETTLED'), true],
  [
    'its client is blocked, whom Emit presents all the same',
    obstacle('ARRETE', 'NOT_ELIGIBLE_CLIENT_BLOCKED'),
    false,
  ],
  ['it was collected meanwhile', obstacle('ENCAISSE', 'NOT_ELIGIBLE_PAYMENT_SETTLED'), false],
  ['nothing has come in between', { payment: payment({}) }, false],
])('an attempt that waits to be presented, where %s', (_, truth, ends) =>
  expect(obstacleToPresenting(truth)).toBe(ends ? truth.obstacle : undefined),
);
