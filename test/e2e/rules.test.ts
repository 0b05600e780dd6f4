import { todayInParis } from '@crm/domain';
import {
  CreateRegleRelanceRequest,
  HistoriqueRelanceServiceService,
  RegleRelanceServiceService,
  RegleSuiviServiceService,
  type AdopterResponse,
  type RegleRelance,
} from '@crm/proto/relance/relance';
import {
  SimulateRequest,
  SimulationServiceService,
  type BilanSimulation,
  type FactureSimulee,
} from '@crm/proto/relance/simulation';
import { Politique, RetryAdminServiceService } from '@crm/proto/retry/retry';
import { UtilisateurServiceService } from '@crm/proto/users/users';
import { Temporal } from 'temporal-polyfill';
import { ground } from '../support/ground.ts';
import { daysAgo, importInvoices } from '../support/import-invoices.ts';
import { refusalOf } from '../support/refusal.ts';
import { sharedStack } from '../support/stack.ts';
import { unique, uniqueAddress } from '../support/unique.ts';
import { until } from '../support/until.ts';

const stack = sharedStack();
const { services, prepareClient, issueInvoice, planPayment } = ground(stack);
const regles = stack.client('relance', RegleRelanceServiceService);
const suivis = stack.client('relance', RegleSuiviServiceService);
const simulations = stack.client('relance', SimulationServiceService);
const historique = stack.client('relance', HistoriqueRelanceServiceService);
const users = stack.client('users', UtilisateurServiceService);

afterAll(() => stack.close());

const ALWAYS = { ouverture: '00:00', fermeture: '00:00', tousLesJours: true, espacement: 'PT0S' };
const inDays = (days: number) => Temporal.PlainDate.from(todayInParis()).add({ days }).toString();
const levels = (given: object[]) => given.map((level) => CreateRegleRelanceRequest.fromPartial(level));
const delays = (levels: RegleRelance[]) => levels.map(({ niveau, delai }) => [niveau, delai]);

async function simulate(request: object) {
  const factures: FactureSimulee[] = [];
  const seen: number[] = [];
  let bilan: BilanSimulation | undefined;
  const answers = simulations.simulate(SimulateRequest.fromPartial(request), { deadlineMs: 60_000 });
  for await (const { contenu } of answers) {
    if (contenu?.$case === 'facture') factures.push(contenu.value);
    if (contenu?.$case === 'avancement') seen.push(contenu.value.factures);
    if (contenu?.$case === 'bilan') bilan = contenu.value;
  }
  return { factures, seen, bilan: bilan! };
}

test('the rules of an organisation are saved as a whole, by one person at a time, and it is kept who did it', async () => {
  const organisationId = unique('org');
  const sub = unique('marie');
  await users.create({
    organisationId,
    keycloakId: sub,
    prenom: 'Marie',
    nom: 'Durand',
    email: uniqueAddress(),
  });
  const marie = stack.client('relance', RegleRelanceServiceService, sub);
  const before = await regles.getEnVigueur({ organisationId });
  expect(before).toMatchObject({ organisationId, version: 0 });
  expect(before.origine).not.toBe(organisationId);

  // rules by single calls count as changes, too
  await regles.create({ organisationId, delai: 'P10D' });
  const { id } = await regles.create({ organisationId, niveau: 4, delai: 'P40D' });
  await regles.update({ id, delai: 'P45D' });
  const seen = await regles.getEnVigueur({ organisationId });
  expect([seen.origine, seen.version, delays(seen.niveaux)]).toEqual([
    ...[organisationId, 3],
    [
      [1, 'P10D'],
      [4, 'P45D'],
    ],
  ]);

  // all faults at once, at their fields; and nothing is changed
  const faulty = await refusalOf(
    regles.enregistrer({
      organisationId,
      niveaux: levels([{ ouverture: '20:00' }, { niveau: 1, canal: 'APPEL', modele: 'rappel' }]),
      motif: '',
    }),
  );
  expect(faulty.violations.map(({ field }) => field)).toEqual([
    'niveaux[0].fermeture',
    'niveaux[1].modele',
    'niveaux[1].niveau',
  ]);

  const niveaux = levels([
    { delai: 'P7D', montantMinimum: 2_000 },
    { delai: 'P21D', modele: 'relance' },
  ]);
  const motif = 'on relance plus tôt';
  const saved = await marie.enregistrer({ organisationId, niveaux, motif, versionAttendue: 3 });
  expect(saved.version).toBe(4);
  expect(delays(saved.niveaux)).toEqual([
    [1, 'P7D'],
    [2, 'P21D'],
  ]);
  expect(saved.niveaux[0]!.montantMinimum).toBe(2_000);
  // who read them before is refused, and told what happened
  const stale = await refusalOf(
    regles.enregistrer({ organisationId, niveaux, motif: 'x', versionAttendue: 3 }),
  );
  expect([stale.code, stale.reason]).toEqual(['ABORTED', 'VERSION']);
  expect(stale.message).toContain('Marie Durand');
  expect(stale.message).toContain(motif);
  // two at once: one wins
  const both = await Promise.allSettled(
    [1, 2].map(() => regles.enregistrer({ organisationId, niveaux, motif: '', versionAttendue: 4 })),
  );
  expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);

  const { changements, nextPageToken } = await regles.listChangements({ organisationId, pageSize: 2 });
  expect(changements.map(({ version }) => version)).toEqual([5, 4]);
  expect(changements[1]).toMatchObject({ auteur: sub, motif });
  expect(delays(changements[1]!.avant)).toEqual([
    [1, 'P10D'],
    [4, 'P45D'],
  ]);
  expect(delays(changements[1]!.apres)).toEqual(delays(saved.niveaux));
  const older = await regles.listChangements({ organisationId, pageToken: nextPageToken });
  expect(older.changements.map(({ version }) => version)).toEqual([3, 2, 1]);

  // without rules of its own it goes by the others again
  const none = await regles.enregistrer({ organisationId, niveaux: [], motif: 'comme les autres' });
  expect(none.origine).toBe(before.origine);
  expect(delays(none.niveaux)).toEqual(delays(before.niveaux));

  // the same of first follow-ups and of retries
  await suivis.create({ organisationId, delai: 'P3D' });
  const suivi = await suivis.enregistrer({ organisationId, delai: 'P2D', motif, versionAttendue: 1 });
  expect(suivi).toMatchObject({
    version: 2,
    origine: organisationId,
    regle: { delai: 'P2D', delaiRappel: 'P7D' },
  });
  expect((await refusalOf(suivis.enregistrer({ organisationId, motif, versionAttendue: 1 }))).reason).toBe(
    'VERSION',
  );
  expect((await suivis.listChangements({ organisationId })).changements[0]).toMatchObject({
    ...{ motif, avant: { delai: 'P3D' }, apres: { delai: 'P2D' } },
  });
  const retries = stack.client('retry', RetryAdminServiceService, sub);
  const policy = await retries.savePolicy({
    ...{ organisationId, motif, versionAttendue: 0 },
    politique: Politique.fromPartial({ delaisJours: [4, 9], maxTentatives: 2 }),
  });
  expect(policy).toMatchObject({
    version: 1,
    origine: organisationId,
    policy: { politique: { delaisJours: [4, 9] } },
  });
  const late = retries.savePolicy({ organisationId, motif, versionAttendue: 0 });
  expect((await refusalOf(late)).reason).toBe('VERSION');
  const wrong = retries.savePolicy({
    organisationId,
    politique: Politique.fromPartial({
      delaisJours: [5, 40],
      maxJoursTotal: 30,
      codesSupplementaires: ['AC04'],
    }),
  });
  expect((await refusalOf(wrong)).violations.map(({ field }) => field)).toEqual([
    'politique.delaisJours',
    'politique.codesSupplementaires',
  ]);
  expect((await retries.listPolicyChanges({ organisationId })).changes).toMatchObject([
    { auteur: sub, motif, apres: { politique: { delaisJours: [4, 9] } } },
  ]);
}, 120_000);

test('what other rules would move is told with its progress; what runs is moved by name and version', async () => {
  const whose = await prepareClient({ raisonSociale: 'Garage Petit' });
  const { organisationId } = whose;
  const { id: organisation } = await services.organisations.get({ id: organisationId });
  await services.organisations.update({ id: organisation, relancesGroupees: true });
  await regles.create({ organisationId, delai: 'P10D', ...ALWAYS });
  const invoices = [await issueInvoice(whose), await issueInvoice(whose)];
  for (const { id } of invoices) await until('the plan', () => services.relances.get({ id }));
  const niveaux = levels([{ delai: 'P6D', ...ALWAYS }]);
  const { factures, seen, bilan } = await simulate({
    ...{ organisationId, au: inDays(30), comparee: { niveaux }, differencesSeules: true },
  });
  expect(seen.at(-1)).toBe(2);
  expect(factures.map(({ prevision, differences }) => [prevision, differences.length])).toEqual([
    [undefined, 1],
    [undefined, 1],
  ]);
  expect(bilan).toMatchObject({ factures: 2, deplacees: 2, avancees: 2, retardees: 0 });
  // both go out in one mail
  expect(bilan.totaux!.total).toMatchObject({ mails: 1, relances: 2, montantRelances: 240_000n });

  await regles.enregistrer({ organisationId, niveaux, motif: 'plus tôt' });
  const { migrations, total } = await services.relances.previewMigration({ organisationId });
  expect(total).toBe(2);
  expect(migrations[0]).toMatchObject({ client: 'Garage Petit', restantDu: 120_000n, changee: true });
  expect(migrations.map(({ numeroFacture }) => numeroFacture).sort()).toEqual(
    invoices.map(({ numero }) => numero).sort(),
  );
  const cibles = migrations.map(({ relanceId: id, version: versionAttendue }) => ({ id, versionAttendue }));
  await services.relances.pause({ id: cibles[0]!.id, motif: 'litige' });
  const moved = await services.relances.migrerMany({ cibles, motif: 'plus tôt' });
  expect(moved.resultats.map(({ issue }) => issue)).toEqual(['REFUSEE', 'FAITE']);
  expect(moved.resultats[0]!.message).toContain('Relances mises en pause par alice');
  const [line] = (await historique.list({ relanceId: cibles[1]!.id })).historique;
  expect(line).toMatchObject({ action: 'MIGRATION', motif: 'plus tôt' });

  const { id: paymentId } = await planPayment(whose, { invoiceId: invoices[0]!.id });
  await services.payments.reject({ id: paymentId, motifRejet: 'AM04' });
  await until('the retries', () => services.retries.getSchedule({ id: paymentId }));
  await services.retries.savePolicy({
    organisationId,
    politique: Politique.fromPartial({ delaisJours: [8] }),
  });
  const retries = await services.retries.previewMigration({ organisationId });
  expect(retries).toMatchObject({ total: 1, migrations: [{ client: 'Garage Petit', changee: true }] });
  const { scheduleId: id, version: versionAttendue } = retries.migrations[0]!;
  const done = await services.retries.migrateMany({ cibles: [{ id, versionAttendue }], motif: 'plus tard' });
  expect(done).toMatchObject({ faites: 1 });
  expect((await services.retries.getSchedule({ id })).politique!.delaisJours).toEqual([8]);
}, 180_000);

test('a level that asks for less than its minimum is left out, foreseen and done', async () => {
  const whose = await prepareClient();
  const { organisationId } = whose;
  await regles.enregistrer({
    ...{ organisationId, motif: '' },
    niveaux: levels([
      { delai: 'PT1S', montantMinimum: 500_000, ...ALWAYS },
      { delai: 'P10D', montantMinimum: 120_000, ...ALWAYS },
    ]),
  });
  const { factures } = await simulate({
    organisationId,
    factureSupposee: { dateFacture: todayInParis(), montant: 4_999n },
  });
  expect(factures[0]!.prevision!.echeances.map(({ motifSaut }) => motifSaut)).toEqual([
    expect.stringMatching(/^moins de 5.000,00.€ à demander$/),
    expect.stringMatching(/^moins de 1.200,00.€ à demander$/),
  ]);
  const { id: invoiceId } = await issueInvoice(whose);
  const next = await until('the second level', async () => {
    const relance = await services.relances.get({ id: invoiceId });
    return relance.prochainNiveau === 2 && relance;
  });
  expect(next.niveaux[0]!.motifSaut).toMatch(/^moins de 5.000,00.€ à demander$/);
  expect(next.niveaux[1]).toMatchObject({ motifSaut: '', montantMinimum: 120_000 });
  // a person who asks for it gets it
  await regles.enregistrer({
    organisationId,
    niveaux: levels([{ niveau: 2, montantMinimum: 900_000, ...ALWAYS }]),
    motif: '',
  });
  await services.relances.migrer({ id: invoiceId, motif: 'essai' });
  const { empechements } = await services.relances.previewSend({ id: invoiceId });
  expect(empechements.map(({ raison }) => raison)).toEqual(['MONTANT_MINIMUM']);
  await services.relances.sendNow({ id: invoiceId, motif: 'le client la demande' });
  await until('the mail', async () =>
    (await historique.list({ invoiceId })).historique.some(({ action }) => action === 'ENVOI'),
  );
}, 120_000);

test('invoices from before Suivi: what would come of them is shown, and then they are adopted', async () => {
  const whose = await prepareClient({ raisonSociale: 'Boulangerie Martin' });
  const { organisationId, clientId } = whose;
  await regles.enregistrer({
    ...{ organisationId, motif: '' },
    niveaux: levels([
      { delai: 'P15D', ...ALWAYS },
      { delai: 'P30D', modele: 'relance', ...ALWAYS },
    ]),
  });
  const [young, old] = (await importInvoices(stack, [
    { organisationId, clientId, numero: 'ANC-1', issued: daysAgo(20) },
    { organisationId, clientId, numero: 'ANC-2', issued: daysAgo(60) },
  ])) as [string, string];
  const { factures, bilan } = await simulate({ organisationId, aReprendre: true, au: inDays(30) });
  expect(bilan).toMatchObject({ factures: 2, totaux: { total: { relances: 1 } } });
  const foreseen = factures.find(({ invoiceId }) => invoiceId === young)!.prevision!.echeances;
  expect(foreseen.map(({ numero, motifSaut }) => [numero, motifSaut])).toEqual([[2, '']]);
  expect(factures.find(({ invoiceId }) => invoiceId === old)!.prevision!.echeances).toEqual([]);
  expect((await refusalOf(simulate({ facture: 'x', aReprendre: true }))).violations[0]!.field).toBe(
    'aReprendre',
  );

  const adopt = async () => {
    const answers: AdopterResponse[] = [];
    for await (const answer of services.relances.adopter({ organisationId, invoiceIds: [] }))
      answers.push(answer);
    return answers.at(-1);
  };
  expect(await adopt()).toMatchObject({ reprises: 2, total: 2 });
  const plan = await until('the plan', () => services.relances.get({ id: young }));
  expect(plan.prochaineAt).toEqual(foreseen[0]!.datePrevue);
  await until('the other plan', () => services.relances.get({ id: old }));
  const lines = (await historique.list({ invoiceId: young })).historique;
  expect(lines.find(({ action }) => action === 'ADOPTION')).toMatchObject({ auteur: 'alice' });
  expect(await adopt()).toMatchObject({ reprises: 0, total: 0, dejaSuivies: 2 });
}, 120_000);
