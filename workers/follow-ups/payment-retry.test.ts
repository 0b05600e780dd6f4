import type { Services } from '../clients.ts';
import { paymentRetryActivities } from './payment-retry.ts';

const SCHEDULE = { id: 's-1', statut: 'EN_COURS', version: 4, tentatives: [], tentativeInitiale: 1 };
const PAYMENT = { statut: 'PLANIFIE', contratId: 'c-1', mandatId: 'm-1', clientId: 'k-1', invoiceId: 'f-1' };

/** What a check of a retry that was submitted records, where services answer this. */
async function checked(
  answers: Partial<Record<'payment' | 'facture' | 'contrat' | 'mandat' | 'client', object>>,
) {
  const { payment, facture = { restantDu: 1000n }, contrat = {}, mandat = {}, client = {} } = answers;
  const recorded: object[] = [];
  const get = (answer: object) => ({ get: async () => answer });
  const services = {
    payments: get({ ...PAYMENT, ...payment }),
    factures: get(facture),
    contrats: get(contrat),
    mandats: get(mandat),
    clients: get(client),
    retries: {
      getSchedule: async () => SCHEDULE,
      recordProgress: async (progress: object) => {
        recorded.push(progress);
        return { ...SCHEDULE, ...progress };
      },
    },
  };
  const { checkRetry } = paymentRetryActivities(services as unknown as Services);
  const state = { statut: 'EN_COURS', version: 4, numero: 2, rejected: undefined, quand: '', motifFin: '' };
  const { statut } = await checkRetry({ scheduleId: 's-1', paymentId: 'p-1', state } as never);
  return { statut, recorded };
}

test.each([
  ['mandate is revoked', { mandat: { statut: 'REVOQUE' } }, 'NOT_ELIGIBLE_MANDATE_REVOKED'],
  ['contract is terminated', { contrat: { statut: 'RESILIE' } }, 'NOT_ELIGIBLE_CONTRACT_CANCELLED'],
  ['invoice is settled', { facture: { restantDu: 0n } }, 'NOT_ELIGIBLE_PAYMENT_SETTLED'],
])('a retry whose %s before it is presented ends', async (_, answers, eligibilite) => {
  const progress = { version: 4, statut: 'ARRETE', eligibilite, numero: 2, statutTentative: 'ABANDONNEE' };
  expect(await checked(answers)).toMatchObject({ statut: 'ARRETE', recorded: [progress] });
});

test.each([
  ['nothing has come in between', {}],
  ['its client is blocked, whom Emit presents all the same', { client: { bloque: true } }],
  [
    'it is not planned any more',
    { payment: { statut: 'REJETE', tentative: 1 }, mandat: { statut: 'REVOQUE' } },
  ],
])('a retry goes on waiting where %s', async (_, answers) => {
  expect(await checked(answers)).toEqual({ statut: 'EN_COURS', recorded: [] });
});
