import { ActiviteServiceService, ResultatTache, TacheServiceService } from '@crm/proto/activites/activites';
import { refusalOf } from '../support/refusal.ts';
import { sharedStack } from '../support/stack.ts';
import { unique } from '../support/unique.ts';

const stack = sharedStack();
const taches = stack.client('activites', TacheServiceService);
const alice = stack.client('activites', TacheServiceService, 'alice');
const activites = stack.client('activites', ActiviteServiceService);
const mark = {
  EN_COURS: taches.marquerEnCours,
  TERMINEE: taches.marquerTerminee,
  ANNULEE: taches.marquerAnnulee,
};
type Mark = keyof typeof mark;

afterAll(() => stack.close());

test.each<[Mark[], boolean]>([
  [['EN_COURS'], true],
  [['TERMINEE'], true],
  [['ANNULEE'], true],
  [['EN_COURS', 'TERMINEE'], true],
  [['EN_COURS', 'ANNULEE'], true],
  [['EN_COURS', 'EN_COURS'], true],
  [['TERMINEE', 'TERMINEE'], true],
  [['TERMINEE', 'EN_COURS'], false],
  [['TERMINEE', 'ANNULEE'], false],
  [['ANNULEE', 'TERMINEE'], false],
  [['ANNULEE', 'EN_COURS'], false],
])('a task marked %j: %p', async (marks, allowed) => {
  const { id, statut } = await taches.create({ organisationId: unique('org'), titre: 'Appeler' });
  expect(statut).toBe('A_FAIRE');
  const last = marks.at(-1)!;
  for (const earlier of marks.slice(0, -1)) await mark[earlier]({ id });
  if (allowed) {
    expect((await mark[last]({ id })).statut).toBe(last);
    return;
  }
  expect(await refusalOf(mark[last]({ id }))).toMatchObject({
    code: 'FAILED_PRECONDITION',
    reason: 'TACHE_STATUT',
  });
  expect((await taches.get({ id })).statut).toBe(marks[0]);
});

test('of concurrent marks one decides', async () => {
  const { id } = await taches.create({ organisationId: unique('org'), titre: 'Disputée' });
  const calls = Array.from({ length: 10 }, (_, index) => (index % 2 ? mark.TERMINEE : mark.ANNULEE)({ id }));
  const settled = await Promise.allSettled(calls);
  const { statut } = await taches.get({ id });
  const won = settled.filter((result) => result.status === 'fulfilled').map(({ value }) => value.statut);
  expect(won).toEqual(Array.from({ length: 5 }, () => statut));
});

test('tasks are listed by client, state and user', async () => {
  const clientId = unique('client');
  const assigneA = unique('user');
  const open = await taches.create({ clientId, assigneA, titre: 'Ouverte' });
  const done = await taches.create({ clientId, titre: 'Faite' });
  await taches.marquerTerminee({ id: done.id });
  const ids = ({ taches: found }: { taches: { id: string }[] }) => found.map(({ id }) => id);
  expect(ids(await taches.listByClient({ clientId }))).toEqual([done.id, open.id]);
  expect(ids(await taches.listByClient({ clientId, statut: 'A_FAIRE' }))).toEqual([open.id]);
  expect(ids(await taches.list({ assigneA }))).toEqual([open.id]);
});

test('a task is put off, given to somebody else and done with the result of the call: who changed what is kept', async () => {
  const clientId = unique('client');
  const due = new Date('2027-01-05T09:00:00Z');
  const { id, version } = await taches.create({ clientId, titre: 'Appeler', assigneA: 'zoe', echeance: due });
  expect(version).toBe(1);
  const later = new Date('2027-01-08T09:00:00Z');
  const moved = await alice.update({ id, echeance: later, note: 'absent cette semaine', versionAttendue: 1 });
  expect(moved).toMatchObject({ version: 2, echeance: later, assigneA: 'zoe', titre: 'Appeler' });
  // what is so already changes nothing
  expect(await alice.update({ id, echeance: later })).toMatchObject({ version: 2 });

  const stale = refusalOf(taches.update({ id, assigneA: 'max', versionAttendue: 1 }));
  expect(await stale).toMatchObject({ code: 'ABORTED', reason: 'VERSION' });
  expect((await stale).message).toMatch(/échéance déplacée par alice .*\(absent cette semaine\)/);
  const both = refusalOf(taches.update({ id, sansEcheance: true, echeance: due }));
  expect(await both).toMatchObject({ code: 'INVALID_ARGUMENT', violations: [{ field: 'echeance' }] });
  await taches.update({ id, assigneA: 'max', sansEcheance: true, versionAttendue: 2 });

  const early = taches.marquerAnnulee({ id, resultat: ResultatTache.JOINT });
  expect(await refusalOf(early)).toMatchObject({ violations: [{ field: 'resultat' }] });
  const done = { id, resultat: ResultatTache.MESSAGE_LAISSE, note: 'rappelle lundi', versionAttendue: 3 };
  for (let times = 0; times < 2; times += 1)
    expect(await alice.marquerTerminee(done)).toMatchObject({
      ...{ statut: 'TERMINEE', version: 4, resultat: 'MESSAGE_LAISSE', note: 'rappelle lundi' },
    });
  const closed = refusalOf(taches.update({ id, titre: 'Autre' }));
  expect(await closed).toMatchObject({ code: 'FAILED_PRECONDITION', reason: 'TACHE_STATUT' });

  const { changements } = await taches.listChangements({ tacheId: id });
  expect(
    changements.map(({ auteur, champ, avant, apres, note }) => [auteur, champ, avant, apres, note]).reverse(),
  ).toEqual([
    ['alice', 'echeance', due.toISOString(), later.toISOString(), 'absent cette semaine'],
    [expect.any(String), 'echeance', later.toISOString(), '', ''],
    [expect.any(String), 'assigneA', 'zoe', 'max', ''],
    ['alice', 'statut', 'A_FAIRE', 'TERMINEE', 'rappelle lundi'],
  ]);
  const { activites: calls } = await activites.listByClient({ clientId });
  expect(calls).toMatchObject([
    { type: 'APPEL', utilisateurId: 'alice', resume: 'Appeler : message laissé. rappelle lundi' },
  ]);
  expect(await refusalOf(taches.listChangements({ tacheId: unique('tache') }))).toMatchObject({
    code: 'NOT_FOUND',
  });
});

test('tasks come by their due date, page by page, those without one last; an overdue one is found by its origin', async () => {
  const organisationId = unique('org');
  const due = (day: string | undefined, more: object = {}) =>
    taches.create({
      ...{ organisationId, titre: day ?? 'sans', ...more },
      ...(day && { echeance: new Date(`2027-02-${day}T08:00:00Z`) }),
    });
  for (const day of ['03', undefined, '01', '02', '02', undefined]) await due(day);
  await due('09', { origine: `relance/${organisationId}/1/1/appel` });
  const walk = async (request: object) => {
    const titres: string[] = [];
    let pageToken = '';
    do {
      const page = await taches.list({
        organisationId,
        pageSize: 2,
        pageToken,
        parEcheance: true,
        ...request,
      });
      titres.push(...page.taches.map(({ titre }) => titre));
      pageToken = page.nextPageToken;
    } while (pageToken);
    return titres;
  };
  expect(await walk({ ouvertes: true })).toEqual(['01', '02', '02', '03', '09', 'sans', 'sans']);
  const before = { echeanceAvant: new Date('2027-02-03T00:00:00Z') };
  expect(await walk(before)).toEqual(['01', '02', '02']);
  expect(await walk({ ...before, ouSansEcheance: true })).toEqual(['01', '02', '02', 'sans', 'sans']);
  expect(await walk({ origineDebut: 'relance/' })).toEqual(['09']);
});

test('a due date that no answer could hold is refused by its name, and nothing is stored', async () => {
  const organisationId = unique('org');
  const create = taches.create({
    organisationId,
    titre: 'Jamais',
    echeance: new Date('9999-12-31T23:59:59Z'),
  });
  expect(await refusalOf(create)).toMatchObject({
    code: 'INVALID_ARGUMENT',
    violations: [{ field: 'echeance' }],
  });
  expect((await taches.list({ organisationId })).taches).toEqual([]);
});
