import { OrganisationServiceService } from '@crm/proto/organisations/organisations';
import { UtilisateurServiceService } from '@crm/proto/users/users';
import { refusalOf } from '../support/refusal.ts';
import { sharedStack } from '../support/stack.ts';
import { unique } from '../support/unique.ts';

const stack = sharedStack();
const utilisateurs = stack.client('users', UtilisateurServiceService);
const organisations = stack.client('organisations', OrganisationServiceService);

afterAll(() => stack.close());

test('Get and GetByKeycloakId say where a user belongs at that moment', async () => {
  const keycloakId = unique('kc');
  const user = await utilisateurs.create({
    keycloakId,
    nom: 'Martin',
    prenom: 'Zoé',
    email: 'zoe@exemple.test',
  });
  expect(user).toMatchObject({ keycloakId, organisationId: 'default', nom: 'Martin', organisations: [] });
  expect(await utilisateurs.get({ id: user.id })).toEqual(user);
  const first = await organisations.create({ nom: 'Première', membreIds: [user.id] });
  const second = await organisations.create({ nom: 'Seconde' });
  await organisations.ajouterMembre({ id: second.id, utilisateurId: user.id });
  const member = {
    ...user,
    organisations: [
      { organisationId: second.id, nom: 'Seconde' },
      { organisationId: first.id, nom: 'Première' },
    ],
  };
  expect(await utilisateurs.get({ id: user.id })).toEqual(member);
  expect(await utilisateurs.getByKeycloakId({ keycloakId })).toEqual(member);
  await organisations.retirerMembre({ id: second.id, utilisateurId: user.id });
  expect((await utilisateurs.get({ id: user.id })).organisations.map(({ nom }) => nom)).toEqual(['Première']);
});

test('more memberships than a page holds are all there', async () => {
  const { id } = await utilisateurs.create({ nom: 'Partout' });
  await stack.sql(
    `INSERT INTO organisations.organisations (id, nom, code, finance_ids, membre_ids, email, telephone, updated_at)
     SELECT $1 || '-' || n, 'n° ' || n, $1 || '-' || n, '{}', ARRAY[$1], '', '', now() FROM generate_series(1, 201) n`,
    id,
  );
  const found = (await utilisateurs.get({ id })).organisations;
  expect(new Set(found.map(({ organisationId }) => organisationId)).size).toBe(201);
});

test('an account is one user’s; any number of users have none', async () => {
  const organisationId = unique('org');
  const keycloakId = unique('kc');
  await utilisateurs.create({ organisationId, keycloakId, nom: 'A' });
  const again = utilisateurs.create({ organisationId, keycloakId, nom: 'B' });
  expect((await refusalOf(again)).code).toBe('ALREADY_EXISTS');
  await utilisateurs.create({ organisationId, nom: 'C' });
  await utilisateurs.create({ organisationId, nom: 'D' });
  const first = await utilisateurs.list({ organisationId, pageSize: 2 });
  expect(first.utilisateurs.map(({ nom, keycloakId: account }) => [nom, account])).toEqual([
    ['D', ''],
    ['C', ''],
  ]);
  const second = await utilisateurs.list({ organisationId, pageSize: 2, pageToken: first.nextPageToken });
  expect(second.utilisateurs.map(({ nom }) => nom)).toEqual(['A']);
});

test('who is not there is NOT_FOUND; a wrong field is refused by its name', async () => {
  expect((await refusalOf(utilisateurs.get({ id: unique('user') }))).code).toBe('NOT_FOUND');
  expect((await refusalOf(utilisateurs.getByKeycloakId({ keycloakId: unique('kc') }))).code).toBe(
    'NOT_FOUND',
  );
  for (const [field, request] of [
    ['nom', { nom: '' }],
    ['email', { nom: 'N', email: 'x' }],
    ['keycloakId', { nom: 'N', keycloakId: 'a b' }],
  ] as const) {
    expect(await refusalOf(utilisateurs.create(request))).toMatchObject({
      code: 'INVALID_ARGUMENT',
      violations: [{ field }],
    });
  }
});
