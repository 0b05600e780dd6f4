import {
  ApporteurServiceService,
  BaremeCommissionServiceService,
  Palier,
} from '@crm/proto/commerciaux/commerciaux';
import { refusalOf } from '../support/refusal.ts';
import { sharedStack } from '../support/stack.ts';
import { unique, uniqueAddress } from '../support/unique.ts';

const stack = sharedStack();
const apporteurs = stack.client('commerciaux', ApporteurServiceService);
const baremes = stack.client('commerciaux', BaremeCommissionServiceService);

afterAll(() => stack.close());

const paliers = (...tiers: [bigint, number][]) =>
  tiers.map(([aPartirDe, tauxPointsBase]) => Palier.fromPartial({ aPartirDe, tauxPointsBase }));

test('an apporteur is active until it is made inactive; repeats are no errors', async () => {
  const organisationId = unique('org');
  const email = uniqueAddress();
  const created = await apporteurs.create({ organisationId, nom: 'Martin', prenom: 'Léa', email });
  expect(created).toMatchObject({ organisationId, nom: 'Martin', prenom: 'Léa', email, actif: true });
  expect(created.baremeId).toBe('');
  const { id } = created;
  for (const _ of [1, 2]) expect((await apporteurs.desactiver({ id })).actif).toBe(false);
  expect((await apporteurs.list({ organisationId, actif: true })).apporteurs).toEqual([]);
  expect((await apporteurs.list({ organisationId })).apporteurs).toHaveLength(1);
  for (const _ of [1, 2]) expect((await apporteurs.activer({ id })).actif).toBe(true);
  expect((await apporteurs.list({ organisationId, actif: true })).apporteurs).toHaveLength(1);
});

test('an apporteur gets a barème that there is, and loses it again', async () => {
  const organisationId = unique('org');
  const bareme = await baremes.create({ organisationId, nom: 'Fixe', type: 'FIXE', montantFixe: 5000n });
  const { id } = await apporteurs.create({ organisationId, nom: 'Martin', baremeId: bareme.id });
  expect(await apporteurs.update({ id, telephone: '+33 1 23 45 67 89' })).toMatchObject({
    baremeId: bareme.id,
    telephone: '+33 1 23 45 67 89',
  });
  expect((await apporteurs.update({ id, baremeId: '' })).baremeId).toBe('');
  const unknown = [
    () => apporteurs.create({ nom: 'X', baremeId: 'absent' }),
    () => apporteurs.update({ id, baremeId: 'absent' }),
    () => apporteurs.update({ id: 'absent', nom: 'X' }),
    () => apporteurs.activer({ id: 'absent' }),
    () => apporteurs.get({ id: 'absent' }),
    () => baremes.get({ id: 'absent' }),
    () => baremes.update({ id: 'absent', nom: 'X' }),
  ];
  for (const call of unknown) expect((await refusalOf(call())).code).toBe('NOT_FOUND');
});

test('tiers come back as they were given, to the last cent of ten billion euros', async () => {
  const organisationId = unique('org');
  const tiers = paliers([0n, 500], [100_000n, 300], [1_000_000_000_000n, 0]);
  const created = await baremes.create({ organisationId, nom: 'Paliers', type: 'PALIERS', paliers: tiers });
  expect(created).toMatchObject({ paliers: tiers, montantFixe: 0n, tauxPointsBase: 0 });
  expect(await baremes.get({ id: created.id })).toEqual(created);
  expect((await baremes.list({ organisationId })).baremes).toEqual([created]);
  const renamed = await baremes.update({ id: created.id, nom: 'Autre nom' });
  expect(renamed).toMatchObject({ nom: 'Autre nom', type: 'PALIERS', paliers: tiers });
  const changed = await baremes.update({ id: created.id, paliers: paliers([0n, 100]) });
  expect(changed.paliers).toEqual(paliers([0n, 100]));
});

test('a barème that lacks its figure, or has another type’s, is refused naming the field', async () => {
  const { id } = await baremes.create({ nom: 'Fixe', type: 'FIXE', montantFixe: 5000n });
  const fieldOf = async (call: Promise<unknown>) => {
    const { code, violations } = await refusalOf(call);
    expect(code).toBe('INVALID_ARGUMENT');
    return violations[0]!.field;
  };
  const nom = 'Barème';
  expect(await fieldOf(baremes.create({ nom, montantFixe: 1n }))).toBe('type');
  expect(await fieldOf(baremes.create({ nom, type: 'FIXE' }))).toBe('montantFixe');
  expect(await fieldOf(baremes.create({ nom, type: 'POURCENTAGE', montantFixe: 1n }))).toBe('montantFixe');
  expect(await fieldOf(baremes.create({ nom, type: 'POURCENTAGE', tauxPointsBase: 10_001 }))).toBe(
    'tauxPointsBase',
  );
  expect(await fieldOf(baremes.create({ nom, type: 'PALIERS', paliers: paliers([1n, 1]) }))).toBe(
    'paliers[0].aPartirDe',
  );
  expect(
    await fieldOf(baremes.create({ nom, type: 'PALIERS', paliers: paliers([0n, 1], [9n, 20_000]) })),
  ).toBe('paliers[1].tauxPointsBase');
  expect(await fieldOf(baremes.update({ id, paliers: paliers([0n, 1]) }))).toBe('paliers');
  expect(await fieldOf(baremes.update({ id, montantFixe: 0n }))).toBe('montantFixe');
  expect((await baremes.get({ id })).montantFixe).toBe(5000n);
});
