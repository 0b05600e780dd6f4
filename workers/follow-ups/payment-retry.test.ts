import type { Services } from '../clients.ts';
import { paymentRetryActivities } from './payment-retry.ts';

const SCHEDULE = { id: 's-1', statut: 'EN_COURS', version: 4, tentatives: [], tentativeInitiale: 1 };
const PAYMENT = { statut: 'PLANIFIE', contratId: 'c-1', mandatId: 'm-1', clientId: 'k-1', invoiceId: 'f-1' };

/** What the check of a submitted retry records, with this mandate. */
async function checked({ mandat = {} }: { mandat?: object }) {
  const recorded: object[] = [];
  const get = (answer: object) => ({ get: async () => answer });
  const services = {
    payments: get(PAYMENT),
    factures: get({ restantDu: 1000n }),
    contrats: get({}),
    mandats: get(mandat),
    clients: get({}),
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

test('a retry whose mandate is revoked before it is presented ends', async () => {
  const eligibilite = 'NOT_ELIGIBLE_MANDATE_REVOKED';
  const progress = { version: 4, statut: 'ARRETE', eligibilite, numero: 2, statutTentative: 'ABANDONNEE' };
  const answers = { mandat: { statut: 'REVOQUE' } };
  expect(await checked(answers)).toMatchObject({ statut: 'ARRETE', recorded: [progress] });
});

test('a retry goes on waiting where nothing has come in between', async () =>
  expect(await checked({})).toEqual({ statut: 'EN_COURS', recorded: [] }));
