import { Metadata, status } from '@grpc/grpc-js';
import { readTruth, type TruthSources } from './payment-truth.ts';

const failing = (code: status) =>
  Object.assign(new Error('no'), { code, details: 'no', metadata: new Metadata() });
const PAYMENT = {
  statut: 'REJETE',
  contratId: 'c-1',
  mandatId: 'm-1',
  clientId: 'client-1',
  invoiceId: 'f-1',
};
const OWED = { statut: 'EMISE', restantDu: 1000n };

/** Services that give these answers, or fail with them. */
const truth = (answers: Partial<Record<'payment' | 'facture' | 'contrat' | 'mandat' | 'client', object>>) => {
  const { payment = PAYMENT, facture = OWED, contrat = {}, mandat = {}, client = {} } = answers;
  const get = (answer: object) => ({
    get: async () => {
      if (answer instanceof Error) throw answer;
      return answer;
    },
  });
  const services = {
    payments: get(payment),
    factures: get(facture),
    contrats: get(contrat),
    mandats: get(mandat),
    clients: get(client),
  };
  return readTruth(services as unknown as TruthSources, 'p-1');
};

test.each([
  ['settled', { payment: { ...PAYMENT, statut: 'ENCAISSE' } }, 'NOT_ELIGIBLE_PAYMENT_SETTLED'],
  [
    'of an invoice of which nothing remains',
    { facture: { ...OWED, restantDu: 0n } },
    'NOT_ELIGIBLE_PAYMENT_SETTLED',
  ],
  ['of an invoice that is paid', { facture: { ...OWED, statut: 'PAYEE' } }, 'NOT_ELIGIBLE_PAYMENT_SETTLED'],
  [
    'of an invoice that is credited',
    { facture: { ...OWED, statut: 'ANNULEE' } },
    'NOT_ELIGIBLE_PAYMENT_SETTLED',
  ],
  ['its contract terminated', { contrat: { statut: 'RESILIE' } }, 'NOT_ELIGIBLE_CONTRACT_CANCELLED'],
  ['its mandate revoked', { mandat: { statut: 'REVOQUE' } }, 'NOT_ELIGIBLE_MANDATE_REVOKED'],
  ['its mandate lapsed', { mandat: { valideJusquAu: '2026-11-27' } }, 'NOT_ELIGIBLE_MANDATE_REVOKED'],
  ['its client blocked', { client: { bloque: true } }, 'NOT_ELIGIBLE_CLIENT_BLOCKED'],
  ['gone', { payment: failing(status.NOT_FOUND) }, 'NOT_ELIGIBLE_REASON_CODE'],
])('a payment that is %s is not debited', async (_, answers, eligibilite) => {
  expect((await truth(answers)).obstacle).toMatchObject({ eligibilite });
});

test('references to what is not known here are no obstacle; a service that is away is', async () => {
  const unknown = failing(status.NOT_FOUND);
  const answers = { facture: unknown, contrat: unknown, mandat: unknown, client: unknown };
  expect(await truth(answers)).toEqual({ payment: PAYMENT });
  expect(await truth({})).toEqual({ payment: PAYMENT });
  const away = failing(status.UNAVAILABLE);
  await expect(truth({ mandat: away })).rejects.toBe(away);
  await expect(truth({ facture: away })).rejects.toBe(away);
});
