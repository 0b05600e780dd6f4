import { jest } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { dateInParis } from '@crm/domain';
import type { Client } from '@crm/proto/clients/clients';
import { StatutContrat, type Contrat } from '@crm/proto/contrats/contrats';
import { Payment, StatutPaiement } from '@crm/proto/payments/payments';
import { Eligibilite, RetrySchedule, StatutRetry, StatutTentative } from '@crm/proto/retry/retry';
import { DEFAULT_POLITIQUE, fullPolitique } from '@crm/retry/politique';
import { quietRuntime } from '@crm/tools/quiet-runtime';
import {
  foreseeRetriesOf,
  runRetries,
  type RetryForesight,
  type SimulatedRetries,
} from './support/simulation/run-retries.ts';

jest.setTimeout(120_000);
quietRuntime();

const payment = Payment.fromPartial({
  ...{ id: 'p-1', clientId: 'c-1', organisationId: 'org-1', montant: 75_000n, tentative: 1 },
});
const client = { email: 'a@exemple.test', nom: 'A', prenom: '' } as Client;
/** What is foreseen, which is what the workflow does on its way there: to the minute, the truth is read first. */
async function simulate(rejet: SimulatedRetries['rejet'], more: Partial<SimulatedRetries> = {}) {
  const simulated = {
    ...{ payment, client, politique: DEFAULT_POLITIQUE, rejet },
    until: new Date(rejet.dateRejet.getTime() + 90 * 24 * 3600_000),
    ...more,
  };
  const foresight = await foreseeRetriesOf(simulated);
  const happened = await runRetries(simulated);
  expect(told(foresight)).toEqual(told(happened));
  expect(foresight.end?.statut).toEqual(happened.end?.statut);
  expect(foresight.end?.motifFin).toEqual(happened.end?.motifFin);
  expect(minute(foresight.end?.at)).toBe(minute(happened.end?.at));
  return foresight;
}
const minute = (at = new Date(0)) => Math.round(at.getTime() / 60_000);
const told = ({ events }: RetryForesight) =>
  events.map(({ at, what, numero, why }) => {
    const which = what === 'mail' ? `${why} ${numero}` : `${what} ${numero}`;
    return `${at.toISOString().slice(0, 16)} ${which}`;
  });

test('three attempts that are rejected again: what is told, presented and rejected, and when', async () => {
  const foresight = await simulate({ motifRejet: 'AM04', dateRejet: new Date('2026-03-02T13:30:00Z') });
  expect(told(foresight)).toEqual([
    '2026-03-07T09:00 avant-reessai 1',
    '2026-03-09T09:00 présentation 1',
    '2026-03-10T11:00 rejet 1',
    '2026-03-10T11:00 reessai-echoue 1',
    '2026-03-12T09:00 présentation 2',
    '2026-03-13T11:00 rejet 2',
    '2026-03-13T11:00 reessai-echoue 2',
    '2026-03-21T09:00 avant-reessai 3',
    '2026-03-23T09:00 présentation 3',
    '2026-03-24T11:00 rejet 3',
    '2026-03-24T11:00 reessais-epuises 3',
  ]);
  expect(foresight.end).toMatchObject({ statut: 'EPUISE' });
  expect(foresight.events.find(({ what }) => what === 'présentation')!.why).toBe(
    'rejet du 2026-03-02 + 5 jours à 10:00, reporté au premier jour ouvré',
  );
});

test('one that is collected ends them; the client is told of nothing after it', async () => {
  const rejet = { motifRejet: 'AM04', dateRejet: new Date('2027-03-20T09:00:00Z') };
  const { events, end } = await simulate(rejet, { paidAtAttempt: 2 });
  expect(events.at(-1)).toMatchObject({ what: 'encaissement', numero: 2 });
  expect(end).toMatchObject({ statut: 'ENCAISSE' });
});

test('by another policy, within a shorter time, and on the days of the organisation', async () => {
  const rejet = { motifRejet: 'AM04', dateRejet: new Date('2026-03-02T13:30:00Z') };
  const politique = fullPolitique({ delaisJours: [1, 8, 9], maxJoursTotal: 9 }, 'policy');
  const ownDays = [{ date: '2026-03-03', libelle: 'Inventaire' }];
  const foresight = await simulate(rejet, { politique, ownDays });
  const presented = foresight.events.filter(({ what }) => what === 'présentation');
  expect(presented.map(({ at }) => at.toISOString().slice(0, 16))).toEqual([
    '2026-03-04T09:00',
    '2026-03-10T09:00',
  ]);
  expect(foresight.end).toMatchObject({ statut: 'EPUISE' });
});

test('those that go on with another mandate announce its debit, of which the client was told before', async () => {
  const day = (days: number) => new Date(Date.now() + days * 24 * 3600_000);
  const schedule = RetrySchedule.fromPartial({
    ...{ id: 's-1', paymentId: 'p-1', clientId: 'c-1', organisationId: 'org-1', montant: 75_000n },
    ...{ motifRejet: 'AC04', dateRejet: day(0), repriseAt: day(5), prochaineAt: day(10), annonceAt: day(8) },
    ...{ eligibilite: Eligibilite.ELIGIBLE, statut: StatutRetry.PLANIFIE, politique: DEFAULT_POLITIQUE },
    ...{ mandatId: 'm-2', tentativeInitiale: 1, createdAt: day(0), updatedAt: day(0) },
    tentatives: [{ numero: 1, datePrevue: day(10), statut: StatutTentative.PREVUE }],
  });
  const { events } = await simulate(
    { motifRejet: 'AM04', dateRejet: day(5) },
    { schedule, until: day(20), paidAtAttempt: 1 },
  );
  expect(events.map(({ what, why }) => (what === 'mail' ? why : what))).toEqual([
    'avant-reessai',
    'présentation',
    'encaissement',
  ]);
}, 120_000);

test('one that a person has put on a day says so, and the next one its rule', async () => {
  const now = Date.now();
  const day = (days: number) => new Date(now + days * 24 * 3600_000);
  const schedule = RetrySchedule.fromPartial({
    ...{ id: 's-1', paymentId: 'p-1', clientId: 'c-1', organisationId: 'org-1', montant: 75_000n },
    ...{ motifRejet: 'AM04', dateRejet: day(-1), prochaineAt: day(2), tentativeInitiale: 1 },
    ...{ eligibilite: Eligibilite.ELIGIBLE, statut: StatutRetry.PLANIFIE, politique: DEFAULT_POLITIQUE },
    ...{ createdAt: day(-1), updatedAt: day(-1) },
    tentatives: [
      { numero: 1, datePrevue: day(2), statut: StatutTentative.PREVUE, demandee: true },
      { numero: 2, datePrevue: day(10), statut: StatutTentative.PREVUE },
    ],
  });
  const rejet = { motifRejet: 'AM04', dateRejet: day(-1) };
  const { events } = await simulate(rejet, { schedule, until: day(16) });
  expect(
    events.filter(({ what }) => what === 'présentation').map(({ numero, why }) => [numero, why]),
  ).toEqual([
    [1, 'date demandée'],
    [2, expect.stringContaining('+ 10 jours à 10:00')],
  ]);
});

test.each<[string, Partial<SimulatedRetries>, string]>([
  ['a contract that was cancelled', { contrat: { statut: StatutContrat.RESILIE } as Contrat }, 'ARRETE'],
  ['a client that is blocked', { client: { ...client, bloque: true } }, 'ARRETE'],
  ['a client without an address', { client: { ...client, email: '' } }, 'EPUISE'],
  ['a payment that was presented again before', { payment: { ...payment, tentative: 3 } }, 'EPUISE'],
])('%s: what ends them, and what is told', async (_, more, statut) => {
  const rejet = { motifRejet: 'AM04', dateRejet: new Date('2026-03-02T13:30:00Z') };
  const of = { ...payment, ...more.payment, ...(more.contrat && { contratId: 'k-1' }) };
  expect((await simulate(rejet, { ...more, payment: of })).end?.statut).toBe(statut);
});

test('one that is with the bank is answered first', async () => {
  const day = (days: number) => new Date(Date.now() + days * 24 * 3600_000);
  const dateCollecte = dateInParis(day(2));
  const schedule = RetrySchedule.fromPartial({
    ...{ id: 's-1', paymentId: 'p-1', clientId: 'c-1', organisationId: 'org-1', montant: 75_000n },
    ...{ motifRejet: 'AM04', dateRejet: day(-5), tentativeInitiale: 1, politique: DEFAULT_POLITIQUE },
    ...{ eligibilite: Eligibilite.ELIGIBLE, statut: StatutRetry.EN_COURS },
    ...{ createdAt: day(-5), updatedAt: day(-1) },
    tentatives: [
      {
        numero: 1,
        datePrevue: day(-1),
        soumiseAt: day(-1),
        statut: StatutTentative.SOUMISE,
        dateCollecte,
        silenceAt: day(9),
      },
      { numero: 2, datePrevue: day(5), statut: StatutTentative.PREVUE },
    ],
  });
  const rejet = { motifRejet: 'AM04', dateRejet: day(-5) };
  const presented = { ...payment, statut: StatutPaiement.EMIS, tentative: 2 };
  const { events } = await simulate(rejet, { schedule, payment: presented, until: day(40) });
  expect(events[0]).toMatchObject({ what: 'rejet', numero: 1 });
  expect(events.filter(({ what }) => what === 'présentation').map(({ numero }) => numero)).toEqual([2, 3]);
});

type Case = {
  rule: string;
  request: { motifRejet: string; dateRejet: string; policy?: object };
  attempt?: number;
  datePrevue?: string;
  absent?: boolean;
  eligibilite?: string;
};
const CASES = (JSON.parse(readFileSync('test/data/dates.json', 'utf8')) as Case[]).filter(({ rule }) =>
  rule.startsWith('retry'),
);

test('the worked cases are what the workflow does', async () => {
  const outcomes = CASES.map(async ({ rule, request, attempt, datePrevue, absent, eligibilite }) => {
    const { motifRejet, dateRejet, policy } = request;
    const rejet = { motifRejet, dateRejet: new Date(dateRejet) };
    const { events, end } = await simulate(rejet, { politique: fullPolitique(policy, 'policy') });
    const presented = events.filter(({ what }) => what === 'présentation');
    const at = presented.find(({ numero }) => numero === attempt)?.at;
    // to the minute: the truth is read first
    if (datePrevue) expect([rule, at?.toISOString().slice(0, 16)]).toEqual([rule, datePrevue.slice(0, 16)]);
    if (absent) expect([rule, at, end!.statut]).toEqual([rule, undefined, 'EPUISE']);
    if (eligibilite) expect([rule, presented.length > 0]).toEqual([rule, eligibilite === 'ELIGIBLE']);
  });
  expect(await Promise.all(outcomes)).toHaveLength(6);
});
