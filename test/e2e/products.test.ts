import { ProduitServiceService } from '@crm/proto/products/products';
import { refusalOf } from '../support/refusal.ts';
import { sharedStack } from '../support/stack.ts';
import { unique } from '../support/unique.ts';

const stack = sharedStack();
const produits = stack.client('products', ProduitServiceService);

afterAll(() => stack.close());

test('Create answers what it made: active, at 20 %, its id for a code', async () => {
  const produit = await produits.create({ nom: 'Contrat', prixHt: 12_345n });
  expect(produit).toMatchObject({
    organisationId: 'default',
    code: produit.id,
    prixHt: 12_345n,
    tauxTvaPointsBase: 2000,
    actif: true,
  });
  expect(await produits.get({ id: produit.id })).toEqual(produit);
  const free = await produits.create({ nom: 'Exonéré', tauxTvaPointsBase: 0 });
  expect(free).toMatchObject({ tauxTvaPointsBase: 0, prixHt: 0n });
});

test('a code is one product’s in its organisation', async () => {
  const organisationId = unique('org');
  await produits.create({ organisationId, code: 'P-1', nom: 'Une' });
  const again = produits.create({ organisationId, code: 'P-1', nom: 'Deux' });
  expect(await refusalOf(again)).toMatchObject({
    code: 'ALREADY_EXISTS',
    message: 'code: there is one already',
  });
  await produits.create({ organisationId: unique('org'), code: 'P-1', nom: 'Ailleurs' });
});

test('Update changes what is given, also to nothing; List can leave out what is not active', async () => {
  const organisationId = unique('org');
  const before = await produits.create({ organisationId, nom: 'Avant', description: 'd', prixHt: 100n });
  const kept = await produits.create({ organisationId, nom: 'Gardé' });
  const { id } = before;
  const after = await produits.update({
    id,
    description: '',
    prixHt: 0n,
    tauxTvaPointsBase: 0,
    actif: false,
  });
  const changed = { description: '', prixHt: 0n, tauxTvaPointsBase: 0, actif: false };
  expect(after).toEqual({ ...before, ...changed, updatedAt: after.updatedAt });
  expect((await produits.list({ organisationId })).produits).toEqual([kept, after]);
  expect((await produits.list({ organisationId, actif: true })).produits).toEqual([kept]);
  const page = await produits.list({ organisationId, pageSize: 1 });
  expect(
    (await produits.list({ organisationId, pageSize: 1, pageToken: page.nextPageToken })).produits,
  ).toEqual([after]);
  expect((await refusalOf(produits.update({ id: unique('produit'), nom: 'X' }))).code).toBe('NOT_FOUND');
});

test.each([
  ['nom', { nom: '' }],
  ['code', { nom: 'N', code: 'é' }],
  ['prixHt', { nom: 'N', prixHt: -1n }],
  ['tauxTvaPointsBase', { nom: 'N', tauxTvaPointsBase: 10_001 }],
])('a wrong %s is refused by its name', async (field, request) => {
  expect(await refusalOf(produits.create(request))).toMatchObject({
    code: 'INVALID_ARGUMENT',
    violations: [{ field }],
  });
});
