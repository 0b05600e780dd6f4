import { readFileSync } from 'node:fs';
import { HolidayServiceService } from '@crm/proto/calendar/calendar';
import {
  ActionRelance,
  BaseRelance,
  HistoriqueRelanceServiceService,
  NextSendTimeRequest,
  PreviewRelanceRequest,
  RegleRelanceServiceService,
  RelanceServiceService,
  StatutRelance,
} from '@crm/proto/relance/relance';
import { refusalOf } from '../support/refusal.ts';
import { sharedStack } from '../support/stack.ts';
import { unique } from '../support/unique.ts';

const stack = sharedStack();
const relances = stack.client('relance', RelanceServiceService);
const regles = stack.client('relance', RegleRelanceServiceService);
const historique = stack.client('relance', HistoriqueRelanceServiceService);
const holidays = stack.client('calendar', HolidayServiceService);
/** As the workers call. */
const worker = stack.client('relance', RelanceServiceService, 'service:workers');

afterAll(() => stack.close());

type Worked = { rule: string; rpc: string; request: object; datePrevue?: string; niveau?: number };
const CASES = (JSON.parse(readFileSync('test/data/dates.json', 'utf8')) as Worked[]).filter(({ rule }) =>
  rule.startsWith('reminder'),
);

test.each(CASES)('$rule', async ({ rpc, request, niveau, datePrevue }) => {
  if (rpc === 'Preview') {
    const { envois } = await relances.preview(PreviewRelanceRequest.fromJSON(request));
    expect(envois.map((envoi) => [envoi.niveau, envoi.datePrevue])).toEqual([
      [niveau, new Date(datePrevue!)],
    ]);
  } else {
    const answer = await relances.nextSendTime(NextSendTimeRequest.fromJSON(request));
    expect(answer.datePrevue).toEqual(new Date(datePrevue!));
  }
});

test('there are four worked cases', () => expect(CASES).toHaveLength(4));

test.each([
  ['summer time begins on the weekend between', '2026-03-27T18:00:00Z', '2026-03-30T07:00:00Z'],
  ['winter time begins on the weekend between', '2026-10-23T17:00:00Z', '2026-10-26T08:00:00Z'],
  ['Friday at 19:00 in winter', '2026-11-27T18:00:00Z', '2026-11-30T08:00:00Z'],
  ['the year ends on a Thursday evening', '2026-12-31T18:00:00Z', '2027-01-04T08:00:00Z'],
  ['Good Friday is a working day, Easter Monday none', '2026-04-03T17:00:00Z', '2026-04-07T07:00:00Z'],
])('NextSendTime: %s', async (_, souhaite, datePrevue) => {
  const answer = await relances.nextSendTime({ souhaite: new Date(souhaite) });
  expect(answer.datePrevue).toEqual(new Date(datePrevue));
});

test('what would leave the calendar is refused by the name of the field', async () => {
  const field = async (answer: Promise<unknown>) => {
    const { code, violations } = await refusalOf(answer);
    return [code, violations[0]?.field];
  };
  const preview = (request: object) => field(relances.preview(PreviewRelanceRequest.fromJSON(request)));
  expect(await preview({ dateFacture: '2199-12-30' })).toEqual(['INVALID_ARGUMENT', 'dateFacture']);
  const organisationId = unique('org');
  await regles.create({ organisationId, base: BaseRelance.DATE_ECHEANCE, delai: 'P8D' });
  const dates = { organisationId, dateFacture: '2199-10-01', dateEcheance: '2199-12-31' };
  expect(await preview(dates)).toEqual(['INVALID_ARGUMENT', 'dateEcheance']);
  const next = (request: object) => field(relances.nextSendTime(NextSendTimeRequest.fromJSON(request)));
  expect(await next({ souhaite: '2199-12-31T21:00:00Z' })).toEqual(['INVALID_ARGUMENT', 'souhaite']);
});

test('Preview goes by the levels of the organisation, and by its closing days', async () => {
  const organisationId = unique('org');
  const late = {
    organisationId,
    niveau: 2,
    base: BaseRelance.DATE_ECHEANCE,
    delai: 'P8D',
    modele: 'relance',
  };
  await regles.create(late);
  await regles.create({ organisationId, delai: 'P10D', ouverture: '10:00', fermeture: '12:00' });
  const dates = { dateFacture: '2026-05-15', dateEcheance: '2026-06-14' };
  const invoice = { organisationId, ...dates, emiseAt: new Date('2026-05-15T08:00:00Z') };
  const planned = async () =>
    (await relances.preview(invoice)).envois.map(({ modele, datePrevue }) => [
      modele,
      datePrevue!.toISOString(),
    ]);
  // Whit Monday, then Monday 22 June
  expect(await planned()).toEqual([
    ['rappel', '2026-05-26T08:00:00.000Z'],
    ['relance', '2026-06-22T07:00:00.000Z'],
  ]);
  // issued now, it gets the last level that is due, and no burst
  expect((await relances.preview({ organisationId, ...dates })).envois.map(({ modele }) => modele)).toEqual([
    'relance',
  ]);
  await holidays.create({ organisationId, date: '2026-05-26', libelle: 'Inventaire' });
  expect((await planned())[0]).toEqual(['rappel', '2026-05-27T08:00:00.000Z']);
});

test('a rule has its defaults, one number is one level, and its hours must make sense', async () => {
  const organisationId = unique('org');
  const regle = await regles.create({ organisationId });
  expect(regle).toMatchObject({
    niveau: 1,
    base: 'DATE_FACTURE',
    delai: 'P15D',
    modele: 'rappel',
    ouverture: '09:00',
    fermeture: '19:00',
    tousLesJours: false,
    espacement: 'PT24H',
  });
  expect((await refusalOf(regles.create({ organisationId }))).code).toBe('ALREADY_EXISTS');
  const night = { organisationId, niveau: 2, ouverture: '19:00', fermeture: '09:00' };
  expect((await refusalOf(regles.create(night))).violations.map(({ field }) => field)).toEqual(['fermeture']);
  expect((await refusalOf(regles.update({ id: regle.id, fermeture: '08:00' }))).code).toBe(
    'INVALID_ARGUMENT',
  );
  expect((await regles.get({ id: regle.id })).fermeture).toBe('19:00');
  // one that is not there, or of something else, would be refused when it is due, of every invoice
  for (const modele of ['rapel', 'bienvenue']) {
    for (const told of [
      regles.create({ organisationId, niveau: 2, modele }),
      regles.update({ id: regle.id, modele }),
    ]) {
      expect((await refusalOf(told)).violations.map(({ field }) => field)).toEqual(['modele']);
    }
  }
  const always = { id: regle.id, ouverture: '00:00', fermeture: '00:00', tousLesJours: true };
  expect(await regles.update(always)).toMatchObject({ ...always, delai: 'P15D' });
  await regles.delete({ id: regle.id });
  expect((await regles.list({ organisationId })).regles).toEqual([]);
});

/** Reminders without a workflow, as they are kept. */
const planned = async (
  levels: { delai: string; espacement?: string }[] = [],
  clientId = unique('client'),
) => {
  const organisationId = unique('org');
  for (const [index, level] of levels.entries()) {
    const always = { ouverture: '00:00', fermeture: '00:00', tousLesJours: true };
    await regles.create({ organisationId, niveau: index + 1, ...always, ...level });
  }
  const dates = { dateFacture: '2026-05-15', dateEcheance: '2026-06-14' };
  return await worker.create({ organisationId, clientId, invoiceId: unique('facture'), ...dates });
};

test('a plan keeps the rules it was made by, is one an invoice, and is found by the invoice', async () => {
  const relance = await planned([{ delai: 'P3D' }]);
  expect(relance).toMatchObject({ statut: 'EN_ATTENTE', prochainNiveau: 1, cycle: 1 });
  expect(relance.niveaux[0]).toMatchObject({ delai: 'P3D', dueAt: new Date('2026-05-17T22:00:00Z') });
  const [regle] = (await regles.list({ organisationId: relance.organisationId })).regles;
  await regles.update({ id: regle!.id, delai: 'P30D' });
  const { invoiceId, clientId, organisationId } = relance;
  const dates = { dateFacture: '2026-01-01', dateEcheance: '2026-01-31' };
  const again = await Promise.all(
    Array.from({ length: 5 }, () => worker.create({ invoiceId, clientId, organisationId, ...dates })),
  );
  for (const answer of again) expect(answer).toEqual(relance);
  expect(await relances.get({ id: invoiceId })).toEqual(relance);
  expect((await relances.list({ clientId })).relances).toEqual([relance]);
  const { historique: lines } = await historique.list({ invoiceId });
  expect(lines.map(({ action }) => action)).toEqual(['PLANIFICATION']);
});

// in several rounds: the first ones still wait for connections to the database, one after the other
test.each([1, 2, 3, 4])(
  'of many reminders to one client that are due at once, one gets the turn: %s',
  async () => {
    const clientId = unique('client');
    const organisationId = unique('org');
    const always = { ouverture: '00:00', fermeture: '00:00', tousLesJours: true };
    await regles.create({ organisationId, ...always });
    const dates = { dateFacture: '2026-05-15', dateEcheance: '2026-06-14' };
    const all = [];
    for (let i = 0; i < 8; i += 1) {
      all.push(await worker.create({ organisationId, clientId, invoiceId: unique('facture'), ...dates }));
    }
    const before = Date.now();
    const answers = await Promise.all(all.map(({ id }) => worker.reserveSend({ id, niveau: 1 })));
    expect(answers.filter(({ accordee }) => accordee)).toHaveLength(1);
    for (const { accordee, relance } of answers) {
      if (accordee) continue;
      const inHours = (relance!.prochaineAt!.getTime() - before) / 3_600_000;
      expect(inHours).toBeGreaterThan(23.9);
      expect(inHours).toBeLessThan(24.1);
    }
    const winner = answers.find(({ accordee }) => accordee)!.relance!;
    expect((await worker.reserveSend({ id: winner.id, niveau: 1 })).accordee).toBe(true);
  },
);

test('what is recorded is in the history, once for its key, and says who', async () => {
  const { id, invoiceId } = await planned([{ delai: 'P3D' }, { delai: 'P60D' }]);
  const pause = {
    id,
    action: ActionRelance.PAUSE,
    pauseJusquAu: '2099-01-01',
    auteur: 'alice',
    motif: 'litige',
  };
  const settings = { metadata: { 'idempotency-key': unique('k') } };
  const paused = await worker.recordProgress(pause, settings);
  expect(paused).toMatchObject({ statut: 'EN_PAUSE', pauseFinAt: new Date('2098-12-31T23:00:00Z') });
  expect(paused.prochaineAt).toEqual(new Date('2098-12-31T23:00:00Z'));
  expect(await worker.recordProgress(pause, settings)).toEqual(paused);
  await worker.recordProgress({ id, action: ActionRelance.SAUT, niveau: 1, motif: 'x' });
  const sent = await worker.recordProgress({ id, action: ActionRelance.ENVOI, niveau: 2 });
  expect(sent).toMatchObject({ statut: 'ACHEVEE', prochainNiveau: 0, prochaineAt: undefined });
  const refused = await refusalOf(worker.recordProgress({ id, action: ActionRelance.ENVOI, niveau: 2 }));
  expect(refused).toMatchObject({ code: 'FAILED_PRECONDITION', reason: 'RELANCE_TERMINEE' });
  const { historique: lines } = await historique.list({ invoiceId });
  expect(lines.map(({ action, niveau, motif }) => [action, niveau, motif])).toEqual([
    ['ENVOI', 2, ''],
    ['SAUT', 1, 'x'],
    ['PAUSE', 0, 'litige'],
    ['PLANIFICATION', 0, ''],
  ]);
  expect(lines[2]!.auteur).toBe('alice');
});

test('a person cannot speak in another’s name', async () => {
  const { id, invoiceId } = await planned();
  await relances.recordProgress({ id, action: ActionRelance.ANNULATION, auteur: 'bob', motif: 'x' });
  const { historique: lines } = await historique.list({ invoiceId });
  expect(lines[0]).toMatchObject({ action: 'ANNULATION', auteur: 'alice' });
});

test('commands to what does not run are refused with a reason, and unknown ones are not found', async () => {
  const { id } = await planned();
  expect(await refusalOf(relances.skip({ id, motif: 'x' }))).toMatchObject({
    code: 'FAILED_PRECONDITION',
    reason: 'NOT_RUNNING',
  });
  await worker.recordProgress({ id, action: ActionRelance.SOLDE, motif: 'facture réglée' });
  expect(await refusalOf(relances.cancel({ id, motif: 'x' }))).toMatchObject({
    code: 'FAILED_PRECONDITION',
    reason: 'RELANCE_TERMINEE',
  });
  expect((await refusalOf(relances.cancel({ id: unique('r'), motif: 'x' }))).code).toBe('NOT_FOUND');
  expect((await refusalOf(relances.cancel({ id, motif: ' ' }))).code).toBe('INVALID_ARGUMENT');
  const past = await refusalOf(relances.pause({ id, motif: 'x', jusquAu: '2020-01-01' }));
  expect(past.violations.map(({ field }) => field)).toEqual(['jusquAu']);
  expect(
    (await relances.list({ statut: StatutRelance.SOLDEE, pageSize: 200 })).relances.map((r) => r.id),
  ).toContain(id);
});

test('of several rows of a level the active one with the highest priority is in force; without any, those of "default"', async () => {
  const organisationId = unique('org');
  const days = async (whose = organisationId) => {
    const dates = { dateFacture: '2026-06-01', emiseAt: new Date('2026-06-01T08:00:00Z') };
    const { envois } = await relances.preview({ ...dates, organisationId: whose });
    return envois.map(({ niveau, datePrevue }) => `${niveau} ${datePrevue!.toISOString().slice(0, 10)}`);
  };
  await regles.create({ organisationId, delai: 'P2D' });
  const first = await regles.create({ organisationId, delai: 'P3D', priorite: 5 });
  await regles.create({ organisationId, niveau: 2, delai: 'P8D' });
  expect(await days()).toEqual(['1 2026-06-04', '2 2026-06-09']);
  const same = await refusalOf(regles.create({ organisationId, delai: 'P4D', priorite: 5 }));
  expect(same.code).toBe('ALREADY_EXISTS');
  expect(await regles.update({ id: first.id, actif: false })).toMatchObject({ actif: false, delai: 'P3D' });
  expect(await days()).toEqual(['1 2026-06-03', '2 2026-06-09']);
  // other files of the run have no rules of "default", and this one takes its own away again
  const ofDefault = await regles.create({ delai: 'P15D', priorite: 1, espacement: 'PT25H' });
  const after = {
    dernierEnvoi: new Date('2026-06-11T13:00:00Z'),
    souhaite: new Date('2026-06-12T12:00:00Z'),
  };
  const hour = async (whose: string) =>
    (await relances.nextSendTime({ ...after, organisationId: whose }))
      .datePrevue!.toISOString()
      .slice(11, 13);
  try {
    expect([await hour(unique('org')), await hour(''), await hour(organisationId)]).toEqual([
      '14',
      '14',
      '13',
    ]);
  } finally {
    await regles.delete({ id: ofDefault.id });
  }
});
