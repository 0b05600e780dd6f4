import { TacheServiceService } from '@crm/proto/activites/activites';
import { refusalOf } from '../support/refusal.ts';
import { sharedStack } from '../support/stack.ts';
import { unique } from '../support/unique.ts';

const stack = sharedStack();
const taches = stack.client('activites', TacheServiceService);
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
