import {
  FinanceIds,
  OrganisationServiceService,
  SocieteServiceService,
} from '@crm/proto/organisations/organisations';
import { randomUUID } from 'node:crypto';
import { refusalOf } from '../support/refusal.ts';
import { sharedStack } from '../support/stack.ts';
import { unique } from '../support/unique.ts';

const stack = sharedStack();
const organisations = stack.client('organisations', OrganisationServiceService);
const societes = stack.client('organisations', SocieteServiceService);

afterAll(() => stack.close());

test('Create answers what it made; its code is its id unless it is told', async () => {
  const plain = await organisations.create({ nom: 'Sans code' });
  expect(plain).toMatchObject({ nom: 'Sans code', code: plain.id, financeIds: [], membreIds: [] });
  const code = unique('org');
  const coded = await organisations.create({ nom: 'Avec code', code, financeIds: ['f-1', 'f-2'] });
  expect(coded).toMatchObject({ code, financeIds: ['f-1', 'f-2'] });
  expect(await organisations.get({ id: coded.id })).toEqual(coded);
  expect(await organisations.get({ id: code })).toEqual(coded);
  expect(await refusalOf(organisations.create({ nom: 'Autre', code }))).toMatchObject({
    code: 'ALREADY_EXISTS',
  });
  expect((await refusalOf(organisations.get({ id: unique('org') }))).code).toBe('NOT_FOUND');
});

test('the id of an organisation cannot be the code of another one', async () => {
  const first = await organisations.create({ nom: 'Première', code: unique('org') });
  const refused = await refusalOf(organisations.create({ nom: 'Seconde', code: first.id }));
  expect(refused.code).toBe('ALREADY_EXISTS');
});

test('a repeated key answers the first organisation, and refuses another one', async () => {
  const settings = { metadata: { 'idempotency-key': randomUUID() } };
  const first = await organisations.create({ nom: 'Une' }, settings);
  expect(await organisations.create({ nom: 'Une' }, settings)).toEqual(first);
  expect((await refusalOf(organisations.create({ nom: 'Deux' }, settings))).code).toBe('ALREADY_EXISTS');
});

test('Update changes what is given, the finance list included, and only that', async () => {
  const before = await organisations.create({
    nom: 'Avant',
    financeIds: ['f-1'],
    membreIds: ['m-1'],
    telephone: '01 02 03 04 05',
  });
  const { id } = before;
  const renamed = await organisations.update({ id, nom: 'Après' });
  expect(renamed).toEqual({ ...before, nom: 'Après', updatedAt: renamed.updatedAt });
  const refinanced = await organisations.update({
    id,
    finance: FinanceIds.fromPartial({ ids: ['f-2', 'f-3'] }),
  });
  expect(refinanced).toMatchObject({ nom: 'Après', financeIds: ['f-2', 'f-3'], membreIds: ['m-1'] });
  expect((await organisations.update({ id, finance: FinanceIds.fromPartial({}) })).financeIds).toEqual([]);
  expect((await refusalOf(organisations.update({ id: unique('org'), nom: 'X' }))).code).toBe('NOT_FOUND');
});

test('members join and leave; doing so twice changes nothing', async () => {
  const { id } = await organisations.create({ nom: 'Club' });
  const utilisateurId = unique('user');
  const joined = await organisations.ajouterMembre({ id, utilisateurId });
  expect(joined.membreIds).toEqual([utilisateurId]);
  expect(await organisations.ajouterMembre({ id, utilisateurId })).toEqual(joined);
  const left = await organisations.retirerMembre({ id, utilisateurId });
  expect(left.membreIds).toEqual([]);
  expect(await organisations.retirerMembre({ id, utilisateurId })).toEqual(left);
  const nowhere = { id: unique('org'), utilisateurId };
  expect((await refusalOf(organisations.ajouterMembre(nowhere))).code).toBe('NOT_FOUND');
  expect((await refusalOf(organisations.retirerMembre(nowhere))).code).toBe('NOT_FOUND');
});

test('of members who join and leave at once none is lost, and none is there twice', async () => {
  const { id } = await organisations.create({ nom: 'Foule', membreIds: ['part-1', 'part-2'] });
  const comers = Array.from({ length: 8 }, (_, number) => `vient-${number}`);
  await Promise.all([
    ...[...comers, ...comers].map((utilisateurId) => organisations.ajouterMembre({ id, utilisateurId })),
    organisations.retirerMembre({ id, utilisateurId: 'part-1' }),
    organisations.retirerMembre({ id, utilisateurId: 'part-2' }),
  ]);
  expect((await organisations.get({ id })).membreIds.sort()).toEqual(comers);
});

test('List answers the organisations of a member, a page at a time', async () => {
  const membreId = unique('user');
  for (const nom of ['a', 'b', 'c']) await organisations.create({ nom, membreIds: [membreId, 'autre'] });
  const first = await organisations.list({ membreId, pageSize: 2 });
  expect(first.organisations.map(({ nom }) => nom)).toEqual(['c', 'b']);
  const second = await organisations.list({ membreId, pageSize: 2, pageToken: first.nextPageToken });
  expect(second.organisations.map(({ nom }) => nom)).toEqual(['a']);
  expect(second.nextPageToken).toBe('');
});

test.each([
  ['nom', { nom: ' ' }],
  ['code', { nom: 'N', code: 'a b' }],
  ['financeIds', { nom: 'N', financeIds: ['a', 'a'] }],
  ['membreIds[0]', { nom: 'N', membreIds: ['a/b'] }],
  ['email', { nom: 'N', email: '@' }],
])('a wrong %s is refused by its name', async (field, request) => {
  expect(await refusalOf(organisations.create(request))).toMatchObject({
    code: 'INVALID_ARGUMENT',
    violations: [{ field }],
  });
});

test('a société is recorded with a SIREN whose sum is right, or none', async () => {
  const organisationId = unique('org');
  const full = await societes.create({
    organisationId,
    raisonSociale: 'Exemple SARL',
    siren: '732829320',
    numeroTva: 'FR44732829320',
    formeJuridique: 'SARL',
    capital: 1_000_000n,
    rcs: 'Paris B 732 829 320',
    adresse: '1 rue de l’Exemple\n75001 Paris',
  });
  expect(await societes.get({ id: full.id })).toEqual(full);
  const plain = await societes.create({ organisationId, raisonSociale: 'Sans SIREN' });
  expect((await societes.list({ organisationId })).societes).toEqual([plain, full]);
  expect((await societes.create({ raisonSociale: 'Ailleurs' })).organisationId).toBe('default');
  for (const siren of ['732829321', '73282932', '73282932A']) {
    expect(
      await refusalOf(societes.create({ organisationId, raisonSociale: 'Fausse', siren })),
    ).toMatchObject({
      code: 'INVALID_ARGUMENT',
      violations: [{ field: 'siren' }],
    });
  }
  expect((await societes.list({ organisationId })).societes).toHaveLength(2);
});

test('Update changes what is given of a société, and only that', async () => {
  const before = await societes.create({
    organisationId: unique('org'),
    raisonSociale: 'Avant',
    rcs: 'Lyon',
  });
  expect(before).toMatchObject({ expediteurNom: '', expediteurAdresse: '', replyTo: '', contact: '' });
  const { id } = before;
  const signs = {
    ...{ expediteurNom: 'Énergie', expediteurAdresse: 'factures@energie.example', contact: '01 23 45 67 89' },
    ...{ replyTo: 'compta@energie.example', paiement: 'par carte', siren: '732829320', capital: 100_00n },
  };
  const after = await societes.update({ id, ...signs });
  expect(after).toEqual({ ...before, ...signs, updatedAt: after.updatedAt });
  expect(await societes.update({ id, expediteurAdresse: '' })).toMatchObject({
    ...{ expediteurAdresse: '', expediteurNom: 'Énergie', rcs: 'Lyon' },
  });
  expect((await refusalOf(societes.update({ id: unique('none'), rcs: 'X' }))).code).toBe('NOT_FOUND');
});

test.each([
  ['expediteurNom', 'Énergie\r\nBcc: y@example.org'],
  ['expediteurNom', 'x'.repeat(101)],
  ['expediteurAdresse', 'x@energie.example\r\nBcc: y@example.org'],
  ['expediteurAdresse', 'Énergie <x@energie.example>'],
  ['expediteurAdresse', 'x@energie.example, y@example.org'],
  ['replyTo', 'x@energie.example\n'],
  ['replyTo', 'pas une adresse'],
  ['contact', 'deux\nlignes'],
  ['paiement', 'à l’envers \u202e'],
  ['siren', '732829321'],
  ['raisonSociale', ' '],
])('%s that cannot stand in a mail is refused: %j', async (field, value) => {
  const { id } = await societes.create({ organisationId: unique('org'), raisonSociale: 'Exemple' });
  for (const call of [
    () => societes.update({ id, [field]: value }),
    () => societes.create({ organisationId: unique('org'), raisonSociale: 'X', [field]: value }),
  ]) {
    const { code, violations } = await refusalOf(call());
    expect([code, violations[0]?.field]).toEqual(['INVALID_ARGUMENT', field]);
  }
});
