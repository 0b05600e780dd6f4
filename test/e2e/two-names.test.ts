import { readFileSync } from 'node:fs';
import { FiltreRelances, RegleRelanceServiceService } from '@crm/proto/relance/relance';
import { ground } from '../support/ground.ts';
import { sharedStack } from '../support/stack.ts';
import { unique, uniqueAddress } from '../support/unique.ts';
import { until } from '../support/until.ts';

const stack = sharedStack();
const { clients, creanciers, factures, mandats, organisations, payments, relances, societes } =
  ground(stack).services;
const regles = stack.client('relance', RegleRelanceServiceService);

afterAll(() => stack.close());

const IBAN = 'FR1420041010050500013M02606';

test('an organisation is one, whichever of its two names each call uses', async () => {
  const { id, code } = await organisations.create({ nom: 'Horizon', code: unique('org') });
  await societes.create({ organisationId: id, raisonSociale: 'Horizon' });
  const creancier = await creanciers.create({
    ...{ organisationId: id, nom: 'Horizon', iban: IBAN, ics: 'FR72ZZZ123456' },
  });
  expect(await creanciers.get({ id })).toEqual(creancier);
  await regles.create({ organisationId: id, niveau: 1, delai: 'P40D', modele: 'relance' });
  const client = await clients.create({ organisationId: code, nom: 'Martin', email: uniqueAddress() });
  const whose = { organisationId: id, clientId: client.id };
  const first = await factures.create({ ...whose, montant: 12_000n });
  const second = await factures.create({ ...whose, organisationId: code, montant: 12_000n });
  // one series of numbers, one set of rows, the rules of the one
  expect(Number(second.numero.split('-').at(-1))).toBe(Number(first.numero.split('-').at(-1)) + 1);
  for (const organisationId of [id, code]) {
    const { invoices } = await factures.list({ organisationId });
    expect(invoices.map(({ numero }) => numero)).toEqual([second.numero, first.numero]);
    expect((await societes.list({ organisationId })).societes).toHaveLength(1);
  }
  for (const { id: invoiceId } of [first, second]) {
    const { niveaux, organisationId } = await until('the plan', () => relances.get({ id: invoiceId }));
    expect(niveaux.map(({ delai, modele }) => [delai, modele])).toEqual([['P40D', 'relance']]);
    expect(organisationId).toBe(code);
  }
  const { id: mandatId } = await mandats.create({
    ...{ ...whose, organisationId: code, iban: IBAN, titulaire: 'Martin', dateSignature: '2026-01-15' },
  });
  expect(await payments.create({ ...whose, mandatId, montant: 100n })).toMatchObject({
    organisationId: code,
  });
  // also in a message within the request
  const filtre = (organisationId: string) => FiltreRelances.fromPartial({ organisationId });
  for (const organisationId of [id, code]) {
    const many = { filtre: filtre(organisationId), motif: 'essai', simulation: true };
    expect((await relances.pauseMany(many)).faisables).toBe(2);
  }
});

test('what went under the id before goes under the code, and counters become one', async () => {
  const { id, code } = await organisations.create({ nom: 'Avant', code: unique('org') });
  await societes.create({ organisationId: code, raisonSociale: 'Avant' });
  const { id: clientId } = await clients.create({ organisationId: code, nom: 'Martin' });
  const create = () => factures.create({ organisationId: code, clientId, montant: 100n });
  const [, moved, twin] = [await create(), await create(), await create()];
  // as it was before: the client and two invoices under the id, one of which has a number that the code has too
  await stack.sql('UPDATE clients.clients SET organisation_id = $1 WHERE id = $2', id, clientId);
  const move = 'UPDATE factures.factures SET organisation_id = $1, numero = $2 WHERE id = $3';
  await stack.sql(move, id, moved.numero, moved.id);
  await stack.sql(move, id, 'F-2026-0001', twin.id);
  await stack.sql(
    `INSERT INTO factures.numeros (organisation_id, genre, annee, dernier)
     SELECT $1, genre, annee, 7 FROM factures.numeros WHERE organisation_id = $2`,
    id,
    code,
  );
  const script = 'prisma/migrations/20261128204000_organisations_by_code/migration.sql';
  await stack.sql(readFileSync(script, 'utf8'));
  expect((await clients.get({ id: clientId })).organisationId).toBe(code);
  expect((await factures.get({ id: moved.id })).organisationId).toBe(code);
  expect((await factures.get({ id: twin.id })).organisationId).toBe(id);
  expect((await create()).numero).toMatch(/-0008$/);
});
