import type { ResultatsCommandes } from '@crm/proto/commandes/commandes';
import {
  FiltreRelances,
  HistoriqueRelanceServiceService,
  type PauseManyRequest,
  RegleRelanceServiceService,
  StatutRelance,
} from '@crm/proto/relance/relance';
import { FiltreSchedules } from '@crm/proto/retry/retry';
import { ground } from '../support/ground.ts';
import { refusalOf } from '../support/refusal.ts';
import { sharedStack } from '../support/stack.ts';
import { unique, uniqueAddress } from '../support/unique.ts';
import { until } from '../support/until.ts';

const stack = sharedStack();
const { services, ...platform } = ground(stack);
const { relances, retries, clients } = services;
const regles = stack.client('relance', RegleRelanceServiceService);
const historique = stack.client('relance', HistoriqueRelanceServiceService);

afterAll(() => stack.close());

const ALWAYS = { ouverture: '00:00', fermeture: '00:00', tousLesJours: true, espacement: 'PT0S' };
const MOTIF = { motif: 'fermeture annuelle' };
const cible = (id: string, versionAttendue?: number) => ({ id, versionAttendue });
const key = () => ({ metadata: { 'idempotency-key': unique('many') }, deadlineMs: 30_000 });

/** What became of each, by what the request called it. */
const issues = ({ resultats }: ResultatsCommandes) =>
  Object.fromEntries(
    resultats.map(({ cible: id, issue, raison }) => [id, raison ? `${issue} ${raison}` : issue]),
  );

/** Two clients with three and two invoices; the second one does not want to be reminded. */
async function fiveInvoices() {
  const { organisationId, clientId } = await platform.prepareClient({ raisonSociale: 'Boulangerie Martin' });
  const other = await clients.create({
    organisationId,
    nom: 'Silence',
    email: uniqueAddress(),
    sansRelance: true,
  });
  for (const niveau of [1, 2])
    await regles.create({ organisationId, niveau, delai: `P${15 * niveau}D`, modele: 'rappel', ...ALWAYS });
  const invoices = [];
  for (const whose of [clientId, clientId, clientId, other.id, other.id])
    invoices.push(await platform.issueInvoice({ organisationId, clientId: whose }));
  for (const { id } of invoices) await until('the plan', () => relances.get({ id }));
  const actions = async (action: string) =>
    (await historique.list({ organisationId, pageSize: 200 })).historique.filter(
      (line) => line.action === action,
    );
  return { organisationId, clientId, silent: other.id, invoices, ids: invoices.map(({ id }) => id), actions };
}

test('a command to many reminders answers each, and what was chosen first is what a repeat goes on with', async () => {
  const { organisationId, clientId, silent, invoices, ids, actions } = await fiveInvoices();
  const [a, b, c] = ids as [string, string, string];
  const filtre = FiltreRelances.fromPartial({ organisationId });

  // who chooses nothing, too much or the same twice is refused
  for (const [request, field] of [
    [{}, 'cibles'],
    [{ filtre: FiltreRelances.fromPartial({}) }, 'filtre'],
    [{ filtre: FiltreRelances.fromPartial({ statut: StatutRelance.EN_ATTENTE }) }, 'filtre'],
    [{ filtre, cibles: [cible(a)] }, 'filtre'],
    [{ cibles: [cible(a), cible((await relances.get({ id: a })).id)] }, 'cibles[1].id'],
    [{ filtre, motif: ' ' }, 'motif'],
    [{ filtre, jusquAu: '2026-01-01' }, 'jusquAu'],
  ] as [Partial<PauseManyRequest>, string][]) {
    const { code, violations } = await refusalOf(relances.pauseMany({ ...MOTIF, ...request }));
    expect([code, violations.map((fault) => fault.field)]).toEqual(['INVALID_ARGUMENT', [field]]);
  }

  const seen = await relances.pauseMany({ ...MOTIF, filtre, simulation: true });
  expect(seen).toMatchObject({ faisables: 5, faites: 0 });
  expect(seen.resultats[0]).toMatchObject({
    ...{ numeroFacture: invoices[0]!.numero, client: 'Boulangerie Martin', montant: invoices[0]!.restantDu },
    ...{ statut: 'EN_ATTENTE', numero: 1, version: 1, issue: 'FAISABLE' },
  });
  expect(await actions('PAUSE')).toHaveLength(0);

  // what a filter asks of other services, in pages for people and for commands alike
  const byAmount = { organisationId, montantMin: invoices[0]!.restantDu };
  const { gestionnaireId } = await clients.get({ id: clientId });
  for (const [asked, expected] of [
    [{}, ids],
    [byAmount, ids],
    [{ ...byAmount, montantMin: byAmount.montantMin + 1n }, []],
    [{ gestionnaireId }, ids.slice(0, 3)],
    [{ gestionnaireId: unique('personne') }, []],
    [{ echueJours: 1 }, []],
  ] as [object, string[]][]) {
    const narrowed = FiltreRelances.fromPartial({ organisationId, ...asked });
    const shown: string[] = [];
    for (let pageToken = '', more = true; more; more = pageToken !== '') {
      const page = await relances.selectMany({ filtre: narrowed, pageSize: 2, pageToken });
      expect(page.suivis.length).toBeLessThanOrEqual(2);
      shown.push(...page.suivis.map(({ invoiceId }) => invoiceId));
      pageToken = page.nextPageToken;
    }
    expect(shown.reverse()).toEqual(expected);
    const told = await relances.skipMany({ ...MOTIF, filtre: narrowed, simulation: true });
    expect(told.resultats.map(({ invoiceId }) => invoiceId)).toEqual(expected);
  }
  const { suivis } = await relances.selectMany({ filtre });
  expect(suivis.at(-1)).toMatchObject({
    ...{ numeroFacture: invoices[0]!.numero, client: 'Boulangerie Martin', gestionnaireId },
    ...{ dateEcheance: invoices[0]!.dateEcheance, retardJours: 0, version: 1, numero: 1 },
  });
  const wide = relances.selectMany({ filtre: FiltreRelances.fromPartial({ echueJours: 1 }) });
  expect((await refusalOf(wide)).violations.map(({ field }) => field)).toEqual(['filtre']);

  // some of them, one by a version that is not the present one
  await relances.pause({ id: b, motif: 'litige' });
  const unknown = unique('unknown');
  const some = { ...MOTIF, cibles: [cible(a, 1), cible(b, 1), cible(unknown)] };
  const expected = { [b]: 'REFUSEE VERSION', [unknown]: 'INTROUVABLE' };
  expect(issues(await relances.skipMany({ ...some, simulation: true }))).toEqual({
    ...expected,
    [a]: 'FAISABLE',
  });
  const mixed = await relances.skipMany(some);
  expect(issues(mixed)).toEqual({ ...expected, [a]: 'FAITE' });
  expect(mixed).toMatchObject({ faites: 1, refusees: 1, introuvables: 1 });
  expect(mixed.resultats[0]).toMatchObject({ numero: 2, version: 2 });
  expect(mixed.resultats[1]!.message).toContain('Relances mises en pause par alice le ');

  // those that wait are paused; repeated, the filter would meet none
  const settings = key();
  const waiting = {
    ...MOTIF,
    filtre: FiltreRelances.fromPartial({ organisationId, statut: StatutRelance.EN_ATTENTE }),
  };
  const first = await relances.pauseMany(waiting, settings);
  expect(first).toMatchObject({ faites: 4, refusees: 0 });
  expect(await relances.pauseMany(waiting, settings)).toEqual(first);
  expect((await relances.pauseMany(waiting)).resultats).toEqual([]);
  expect(await actions('PAUSE')).toHaveLength(5);

  // of those that are to be sent now, who cannot be written to is refused, and so is what is paused
  await relances.resumeMany({ ...MOTIF, cibles: ids.filter((id) => id !== c).map((id) => cible(id)) });
  const sending = { ...MOTIF, filtre };
  const refused = { [c]: 'REFUSEE RELANCE_EN_PAUSE' };
  const byInvoice = ({ resultats }: ResultatsCommandes) =>
    issues({ resultats: resultats.map((one) => ({ ...one, cible: one.invoiceId })) } as never);
  const silence = Object.fromEntries(ids.slice(3).map((id) => [id, 'REFUSEE CLIENT_SANS_RELANCE']));
  const would = byInvoice(await relances.sendNowMany({ ...sending, simulation: true }));
  expect(would).toEqual({ ...refused, ...silence, [a]: 'FAISABLE', [b]: 'FAISABLE' });
  const did = byInvoice(await relances.sendNowMany(sending, key()));
  expect(did).toEqual({ ...refused, ...silence, [a]: 'FAITE', [b]: 'FAITE' });
  await until('both mails', async () => (await actions('ENVOI')).length === 2);

  const cancelled = { ...MOTIF, filtre: FiltreRelances.fromPartial({ clientId: silent }) };
  const again = key();
  const ended = await relances.cancelMany(cancelled, again);
  expect(ended.resultats.map(({ statut, issue }) => [statut, issue])).toEqual([
    ['ANNULEE', 'FAITE'],
    ['ANNULEE', 'FAITE'],
  ]);
  expect(await relances.cancelMany(cancelled, again)).toEqual(ended);
  expect((await refusalOf(relances.cancelMany({ ...cancelled, motif: 'autre' }, again))).code).toBe(
    'ALREADY_EXISTS',
  );
  expect((await relances.list({ clientId, statut: StatutRelance.EN_PAUSE })).relances).toHaveLength(1);
}, 180_000);

test('a filter that meets more than five hundred is refused, and says how many', async () => {
  const organisationId = unique('org');
  await stack.sql(
    `INSERT INTO relance.relances (id, organisation_id, invoice_id, client_id, statut, niveaux, updated_at)
     SELECT $1 || n, $1, 'f-' || $1 || n, 'c-1', 'EN_ATTENTE', '[]', now() FROM generate_series(1, 501) n`,
    organisationId,
  );
  const many = { ...MOTIF, filtre: FiltreRelances.fromPartial({ organisationId }) };
  for (const simulation of [true, false]) {
    expect(await refusalOf(relances.cancelMany({ ...many, simulation }))).toMatchObject({
      ...{ code: 'FAILED_PRECONDITION', reason: 'TROP_DE_SUIVIS' },
      message: 'filtre: meets 501, and at most 500 are told at once',
    });
  }
  await stack.sql(`DELETE FROM relance.relances WHERE organisation_id = $1`, organisationId);
}, 30_000);

test('a command to many retries answers each', async () => {
  const whose = await platform.prepareClient({ raisonSociale: 'Garage Petit' });
  const { organisationId } = whose;
  const payments = [];
  for (let count = 0; count < 3; count++) {
    const invoice = await platform.issueInvoice(whose);
    const payment = await platform.planPayment(whose, { invoiceId: invoice.id });
    await services.payments.reject({ id: payment.id, motifRejet: 'AM04' });
    payments.push({ ...payment, numero: invoice.numero });
  }
  const [x, y, z] = payments.map(({ id }) => id) as [string, string, string];
  for (const id of [x, y, z]) await until('the schedule', () => retries.getSchedule({ id }));
  const filtre = FiltreSchedules.fromPartial({ organisationId });
  const { resultats } = await retries.cancelMany({ ...MOTIF, filtre, simulation: true });
  expect(resultats.find(({ paymentId }) => paymentId === x)).toMatchObject({
    ...{ numeroFacture: payments[0]!.numero, client: 'Garage Petit', montant: payments[0]!.montant },
    ...{ issue: 'FAISABLE', statut: 'PLANIFIE', numero: 1 },
  });
  const byManager = { organisationId, gestionnaireId: whose.gestionnaireId, montantMin: 1n };
  const shown = await retries.selectMany({ filtre: FiltreSchedules.fromPartial(byManager) });
  expect(shown.suivis.map(({ paymentId }) => paymentId)).toEqual([z, y, x]);
  const none = { ...byManager, montantMin: payments[0]!.montant + 1n };
  expect((await retries.selectMany({ filtre: FiltreSchedules.fromPartial(none) })).suivis).toEqual([]);
  await retries.cancelSchedule({ id: y, motif: 'virement promis' });
  const { version } = await retries.getSchedule({ id: z });
  const next = await retries.getSchedule({ id: x });
  const datePrevue = new Date(next.prochaineAt!.getTime() + 86_400_000).toISOString().slice(0, 10);
  const cibles = [cible(x), cible(y), cible(z, version + 1)];
  const settings = key();
  const moved = await retries.replanMany({ ...MOTIF, cibles, datePrevue }, settings);
  const expected = { [x]: 'FAITE', [y]: 'REFUSEE RETRY_TERMINE', [z]: 'REFUSEE VERSION' };
  expect(issues(moved)).toEqual(expected);
  expect(issues(await retries.replanMany({ ...MOTIF, cibles, datePrevue }, settings))).toEqual(expected);
  expect((await retries.listAuditLogs({ scheduleId: next.id })).logs).toHaveLength(1);
  const late = await refusalOf(retries.replanMany({ ...MOTIF, cibles, datePrevue: '2026-01-01' }));
  expect(late.violations[0]!.field).toBe('datePrevue');
  expect(await retries.cancelMany({ ...MOTIF, filtre })).toMatchObject({ faites: 2, refusees: 0 });
}, 90_000);
