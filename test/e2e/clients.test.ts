import { AdresseServiceService, ClientBaseServiceService } from '@crm/proto/clients/clients';
import { refusalOf } from '../support/refusal.ts';
import { sharedStack } from '../support/stack.ts';
import { unique, uniqueAddress } from '../support/unique.ts';

const stack = sharedStack();
const clients = stack.client('clients', ClientBaseServiceService);
const adresses = stack.client('clients', AdresseServiceService);

afterAll(() => stack.close());

const noms = (page: { clients: { nom: string }[] }) => page.clients.map(({ nom }) => nom);

test('pages come newest first, without a gap or a repeat, also when clients come meanwhile', async () => {
  const organisationId = unique('org');
  for (const nom of ['a', 'b', 'c', 'd', 'e']) await clients.create({ organisationId, nom });
  const first = await clients.list({ organisationId, pageSize: 2 });
  expect(noms(first)).toEqual(['e', 'd']);
  await clients.create({ organisationId, nom: 'f' });
  const second = await clients.list({ organisationId, pageSize: 2, pageToken: first.nextPageToken });
  expect(noms(second)).toEqual(['c', 'b']);
  const third = await clients.list({ organisationId, pageSize: 2, pageToken: second.nextPageToken });
  expect(noms(third)).toEqual(['a']);
  expect(third.nextPageToken).toBe('');
  expect(noms(await clients.list({ organisationId }))).toEqual(['f', 'e', 'd', 'c', 'b', 'a']);
  const ids = [first.clients[1]!.id, unique('unknown'), third.clients[0]!.id];
  expect(noms(await clients.list({ organisationId, ids }))).toEqual(['d', 'a']);
});

test('the last page that is full says that it is the last', async () => {
  const organisationId = unique('org');
  for (const nom of ['a', 'b']) await clients.create({ organisationId, nom });
  expect((await clients.list({ organisationId, pageSize: 2 })).nextPageToken).toBe('');
  expect(await clients.list({ organisationId: unique('org') })).toEqual({ clients: [], nextPageToken: '' });
});

test('Update changes what is given, and only that', async () => {
  const before = await clients.create({
    organisationId: unique('org'),
    nom: 'Avant',
    prenom: 'Anne',
    email: uniqueAddress(),
    telephone: '+33 1 23 45 67 89',
    type: 'PROFESSIONNEL',
    gestionnaireId: 'g-1',
  });
  const after = await clients.update({ id: before.id, nom: 'Après', email: '' });
  expect(after).toEqual({ ...before, nom: 'Après', email: '', updatedAt: after.updatedAt });
  expect(after.updatedAt!.getTime()).toBeGreaterThanOrEqual(before.updatedAt!.getTime());
  expect(await clients.get({ id: before.id })).toEqual(after);
});

test('Delete takes the client and its addresses; what is gone is NOT_FOUND', async () => {
  const { id } = await clients.create({ organisationId: unique('org'), nom: 'Partante' });
  const adresse = await adresses.create({
    clientId: id,
    ligne1: '1 rue X',
    codePostal: '75001',
    ville: 'Paris',
  });
  expect(adresse.pays).toBe('FR');
  expect((await adresses.listByClient({ clientId: id })).adresses).toEqual([adresse]);
  await clients.delete({ id });
  const gone = [
    () => clients.get({ id }),
    () => clients.update({ id, nom: 'X' }),
    () => clients.delete({ id }),
    () => adresses.get({ id: adresse.id }),
    () => adresses.create({ clientId: id, ligne1: '1 rue X', codePostal: '75001', ville: 'Paris' }),
  ];
  for (const call of gone) expect((await refusalOf(call())).code).toBe('NOT_FOUND');
});

test('Search finds a part of nom, prenom or email in any case, and takes wildcards for what they are', async () => {
  const organisationId = unique('org');
  await clients.create({ organisationId, nom: 'LEFÈVRE', prenom: 'Zoé' });
  await clients.create({ organisationId, nom: 'Dupont', email: 'Zo100%@exemple.test' });
  await clients.create({ organisationId, nom: 'O’Neill_x', prenom: 'Jean\\Paul' });
  const search = async (texte: string) => noms(await clients.search({ organisationId, texte }));
  expect(await search('lefèv')).toEqual(['LEFÈVRE']);
  expect(await search('zo')).toEqual(['Dupont', 'LEFÈVRE']);
  expect(await search('100%')).toEqual(['Dupont']);
  expect(await search('%')).toEqual(['Dupont']);
  expect(await search('_')).toEqual(['O’Neill_x']);
  expect(await search('n\\p')).toEqual(['O’Neill_x']);
  expect(await search('personne')).toEqual([]);
});

test('a company has a name, a contact and numbers that are checked, and is found by them', async () => {
  const organisationId = unique('org');
  const raisonSociale = 'Boulangerie Le Fournil SARL';
  const company = await clients.create({
    ...{ organisationId, raisonSociale, prenom: 'Marc', nom: 'Dupont' },
    ...{ siren: '732 829 320', numeroTva: 'fr 44 732 829 320', referenceClient: 'C-0042' },
  });
  expect(company).toMatchObject({
    ...{ raisonSociale, prenom: 'Marc', nom: 'Dupont', type: 'PROFESSIONNEL' },
    ...{ siren: '732829320', numeroTva: 'FR44732829320', referenceClient: 'C-0042' },
  });
  await clients.create({ organisationId, nom: 'Fournier' });
  const search = async (texte: string) =>
    (await clients.search({ organisationId, texte })).clients.map(({ id }) => id);
  for (const texte of ['le fournil', '732829320', '732 829 320', 'FR44732829320', 'c-0042', 'dupont'])
    expect([texte, await search(texte)]).toEqual([texte, [company.id]]);
  expect(await search('fr')).toEqual([]);
});

test('a company needs no contact; a client needs a name; all faults are told at once', async () => {
  const organisationId = unique('org');
  const { id, nom } = await clients.create({ organisationId, raisonSociale: 'Sans contact SAS' });
  expect(nom).toBe('');
  const faults = async (changes: object) =>
    (await refusalOf(clients.update({ id, ...changes }))).violations.map(({ field }) => field);
  const creating = await refusalOf(clients.create({ organisationId, email: '@' }));
  expect(creating.violations.map(({ field }) => field)).toEqual(['email', 'nom']);
  expect(await faults({ raisonSociale: '', siren: '732829321', numeroTva: 'FR0' })).toEqual([
    ...['nom', 'siren', 'numeroTva'],
  ]);
  expect(await faults({ raisonSociale: ' ', siren: '1'.repeat(21) })).toEqual(['raisonSociale', 'siren']);
});

test('a change is checked with what stays, and who becomes a company is a professional', async () => {
  const { id } = await clients.create({ organisationId: unique('org'), nom: 'Dupont', prenom: 'Marc' });
  const company = await clients.update({ id, raisonSociale: 'Le Fournil SARL', siren: '732 829 320' });
  expect(company).toMatchObject({ type: 'PROFESSIONNEL', siren: '732829320', nom: 'Dupont' });
  const refused = await refusalOf(clients.update({ id, numeroTva: 'FR83404833048' }));
  expect(refused.violations.map(({ field }) => field)).toEqual(['numeroTva']);
  expect((await clients.update({ id, siren: '', nom: '' })).nom).toBe('');
  const association = await clients.update({ id, type: 'PARTICULIER' });
  expect(association.type).toBe('PARTICULIER');
  expect((await clients.update({ id, raisonSociale: 'Le Fournil' })).type).toBe('PARTICULIER');
});
