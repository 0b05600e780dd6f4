import {
  ApporteurServiceService,
  BaremeCommissionServiceService,
  Palier,
  type TypeBareme,
} from '@crm/proto/commerciaux/commerciaux';
import { CommissionServiceService } from '@crm/proto/commission/commission';
import { ContratServiceService } from '@crm/proto/contrats/contrats';
import { PaymentServiceService } from '@crm/proto/payments/payments';
import { randomUUID } from 'node:crypto';
import { refusalOf } from '../support/refusal.ts';
import { sharedStack } from '../support/stack.ts';
import { unique } from '../support/unique.ts';
import { until } from '../support/until.ts';

const stack = sharedStack();
const apporteurs = stack.client('commerciaux', ApporteurServiceService);
const baremes = stack.client('commerciaux', BaremeCommissionServiceService);
const commissions = stack.client('commission', CommissionServiceService);
const contrats = stack.client('contrats', ContratServiceService);
const payments = stack.client('payments', PaymentServiceService);
const workers = stack.client('commission', CommissionServiceService, 'service:workers');

afterAll(() => stack.close());

/** An apporteur with a barème of its own. */
async function apporteurWith(figures: { type: TypeBareme; [figure: string]: unknown }) {
  const { id: baremeId } = await baremes.create({ nom: 'Barème', ...figures });
  const { id: apporteurId } = await apporteurs.create({ nom: 'Martin', baremeId });
  return { apporteurId, baremeId };
}

const pourcentage = (tauxPointsBase: number) => apporteurWith({ type: 'POURCENTAGE', tauxPointsBase });

/** The metadata by which a handler calls for an event of its own. */
const ofEvent = (eventId = randomUUID()) => ({
  metadata: {
    'idempotency-key': `${eventId}/commission`,
    'event-type': 'payment.received',
    'event-timestamp': new Date().toISOString(),
  },
});

test('a commission is computed by the barème of the apporteur', async () => {
  const { apporteurId, baremeId } = await pourcentage(250);
  const request = {
    ...{
      organisationId: unique('org'),
      paymentId: unique('p'),
      contratId: unique('k'),
      clientId: unique('c'),
    },
    ...{ apporteurId, montant: 100_000n },
  };
  const commission = await commissions.calculerCommission(request);
  const { montant: montantBase, ...references } = request;
  expect(commission).toMatchObject({ ...references, baremeId, montantBase, montant: 2500n, statut: 'DUE' });
  expect(commission.calcul.replaceAll(/[\u00a0\u202f]/g, ' ')).toBe('2,5 % de 1 000,00 €');
  expect(await commissions.getCommission({ id: commission.id })).toEqual(commission);
  const { paymentId, contratId, organisationId } = request;
  for (const filter of [
    { paymentId },
    { contratId },
    { organisationId },
    { organisationId, statut: 'DUE' as const },
  ]) {
    expect((await commissions.getCommissions(filter)).commissions).toEqual([commission]);
  }
  expect((await commissions.getCommissions({ paymentId, statut: 'REPRISE' })).commissions).toEqual([]);
});

test('fixed amounts and tiers are computed too', async () => {
  const fixe = await apporteurWith({ type: 'FIXE', montantFixe: 5000n });
  const paliers = [
    Palier.fromPartial({ aPartirDe: 0n, tauxPointsBase: 500 }),
    Palier.fromPartial({ aPartirDe: 100_000n, tauxPointsBase: 300 }),
  ];
  const tiers = await apporteurWith({ type: 'PALIERS', paliers });
  const of = async (apporteurId: string) =>
    (await commissions.calculerCommission({ apporteurId, paymentId: unique('p'), montant: 150_000n }))
      .montant;
  expect(await of(fixe.apporteurId)).toBe(5000n);
  expect(await of(tiers.apporteurId)).toBe(6500n);
});

test('a payment has one commission: the first, also when many ask at once and the barème changes', async () => {
  const { apporteurId, baremeId } = await pourcentage(1000);
  const request = { apporteurId, paymentId: unique('p'), montant: 1000n };
  const answers = await Promise.all(
    Array.from({ length: 10 }, () => commissions.calculerCommission(request)),
  );
  for (const answer of answers) expect(answer).toEqual(answers[0]);
  await baremes.update({ id: baremeId, tauxPointsBase: 5000 });
  expect(await commissions.calculerCommission({ ...request, montant: 9000n })).toEqual(answers[0]);
  await apporteurs.desactiver({ id: apporteurId });
  expect(await commissions.calculerCommission(request)).toEqual(answers[0]);
  expect((await commissions.getCommissionsByApporteur({ apporteurId })).commissions).toEqual([answers[0]]);
});

test('an apporteur that is unknown, inactive or without a barème earns nothing, and the refusal says which', async () => {
  const { id: apporteurId } = await apporteurs.create({ nom: 'Sans barème' });
  const compute = (id: string) =>
    refusalOf(commissions.calculerCommission({ apporteurId: id, paymentId: unique('p'), montant: 1n }));
  expect(await compute('absent')).toMatchObject({ code: 'NOT_FOUND' });
  expect(await compute(apporteurId)).toMatchObject({
    code: 'FAILED_PRECONDITION',
    reason: 'APPORTEUR_SANS_BAREME',
  });
  await apporteurs.desactiver({ id: apporteurId });
  expect(await compute(apporteurId)).toMatchObject({
    code: 'FAILED_PRECONDITION',
    reason: 'APPORTEUR_INACTIF',
  });
});

test('a commission is clawed back once, by its id or its payment’s; totals follow', async () => {
  const { apporteurId } = await pourcentage(1000);
  const earn = (montant: bigint) =>
    commissions.calculerCommission({ apporteurId, paymentId: unique('p'), montant });
  const [first, second, third] = [await earn(1000n), await earn(20_000n), await earn(300_000n)];
  const taken = await commissions.reprendre({ id: first.id, motif: 'Retour bancaire' });
  expect(taken).toEqual({
    ...first,
    statut: 'REPRISE',
    motifReprise: 'Retour bancaire',
    repriseAt: expect.any(Date) as Date,
  });
  expect(await commissions.reprendre({ paymentId: first.paymentId, motif: 'Encore' })).toEqual(taken);
  await Promise.all(
    ['Un', 'Deux', 'Trois'].map((motif) => commissions.reprendre({ paymentId: second.paymentId, motif })),
  );
  const page = await commissions.getCommissionsByApporteur({ apporteurId, statut: 'DUE' });
  expect(page).toMatchObject({ commissions: [third], totalDu: 30_000n, totalRepris: 2100n });
});

test('Reprendre takes exactly one name, and a reason', async () => {
  const fieldOf = async (request: object) => {
    const { code, violations } = await refusalOf(commissions.reprendre(request));
    return [code, violations[0]?.field];
  };
  expect(await fieldOf({ motif: 'X' })).toEqual(['INVALID_ARGUMENT', 'id']);
  expect(await fieldOf({ id: 'a', paymentId: 'b', motif: 'X' })).toEqual(['INVALID_ARGUMENT', 'paymentId']);
  expect(await fieldOf({ id: 'a', motif: ' ' })).toEqual(['INVALID_ARGUMENT', 'motif']);
  expect(await fieldOf({ paymentId: 'absent', motif: 'X' })).toEqual(['NOT_FOUND', undefined]);
});

test('received, returned, received again: DUE again, while the first receipt told again changes nothing', async () => {
  const { apporteurId, baremeId } = await pourcentage(1000);
  const request = { apporteurId, paymentId: unique('p'), montant: 1000n };
  const firstReceipt = ofEvent();
  const first = await workers.calculerCommission(request, firstReceipt);
  const taken = await commissions.reprendre({ id: first.id, motif: 'Retour bancaire' });
  expect(await workers.calculerCommission(request, firstReceipt)).toEqual(taken);
  await baremes.update({ id: baremeId, tauxPointsBase: 2000 });
  const again = await Promise.all(
    [ofEvent(), ofEvent()].map((key) => workers.calculerCommission(request, key)),
  );
  for (const answer of again) {
    expect(answer).toEqual({ ...first, montant: 200n, calcul: answer.calcul });
  }
  expect(await commissions.getCommissionsByApporteur({ apporteurId })).toMatchObject({
    commissions: [again[0]],
    totalDu: 200n,
    totalRepris: 0n,
  });
});

test('a payment of a contract has its apporteur earn; returned and received again, once more', async () => {
  const organisationId = unique('org');
  const clientId = unique('c');
  const { apporteurId, baremeId } = await pourcentage(1000);
  const contrat = { organisationId, clientId, produitId: 'prod-456', apporteurId };
  const { id: contratId } = await contrats.create(contrat);
  const { id } = await payments.create({ organisationId, clientId, contratId, montant: 50_000n });
  const commission = async () => (await commissions.getCommissions({ paymentId: id })).commissions[0];
  await payments.confirm({ id });
  expect(await until('its commission', commission)).toMatchObject({
    ...{ organisationId, clientId, contratId, apporteurId, baremeId },
    ...{ montantBase: 50_000n, montant: 5000n, statut: 'DUE' },
  });
  await payments.reject({ id, motifRejet: 'MD06', retourBancaire: true });
  await commissions.reprendre({ paymentId: id, motif: 'Retour bancaire MD06' });
  await payments.replanifier({ id, tentative: 2, datePrevue: '2027-01-04' });
  await payments.confirm({ id });
  await until('it to be due again', async () => (await commission())?.statut === 'DUE');
  expect(await commissions.getCommissionsByApporteur({ apporteurId })).toMatchObject({
    totalDu: 5000n,
    totalRepris: 0n,
  });
});
