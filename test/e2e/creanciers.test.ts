import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  CreancierServiceService,
  MandateServiceService,
  PaymentServiceService,
  type Creancier,
} from '@crm/proto/payments/payments';
import { refusalOf } from '../support/refusal.ts';
import { sharedStack } from '../support/stack.ts';
import { unique } from '../support/unique.ts';

/** Valid IBANs that belong to nobody. */
const IBAN = 'FR7630006000011234567890189';
const OTHER_IBAN = 'DE89370400440532013000';
const stack = sharedStack();
const creanciers = stack.client('payments', CreancierServiceService);
const mandates = stack.client('payments', MandateServiceService);
const payments = stack.client('payments', PaymentServiceService);

afterAll(() => stack.close());

const creancierOf = (changes: object = {}): Promise<Creancier> =>
  creanciers.create({
    ...{ organisationId: unique('org'), nom: 'Société Générique', iban: 'FR76 3000 6000 0112 3456 7890 189' },
    ...{ bic: 'AGRIFRPP', ics: 'FR72 ZZZ 123456', ...changes },
  });

/** A payment of an organisation, due on a day that only this test uses. */
async function duePayment(organisationId: string, datePrevue: string) {
  const whose = { clientId: unique('client'), organisationId };
  const debtor = { iban: 'FR1420041010050500013M02606', titulaire: 'Test', dateSignature: '2026-01-15' };
  const { id: mandatId } = await mandates.create({ ...whose, ...debtor });
  return await payments.create({ ...whose, mandatId, montant: 75_000n, datePrevue });
}
const emit = (organisationId: string, dateCollecte = '2026-03-09') =>
  payments.emit({ dateCollecte, organisationId });

test('a creditor shows its IBAN masked and keeps it encrypted; found by its id and its organisation’s', async () => {
  const creancier = await creancierOf();
  expect(creancier).toMatchObject({ ibanMasque: 'FR76 **** 189', ics: 'FR72ZZZ123456', bic: 'AGRIFRPP' });
  expect(await creanciers.get({ id: creancier.id })).toEqual(creancier);
  expect(await creanciers.get({ id: creancier.organisationId })).toEqual(creancier);
  const { organisationId } = creancier;
  expect((await creanciers.list({ organisationId })).creanciers).toEqual([creancier]);
  const [row] = await stack.sql<{ row: string }>(
    `SELECT c::text || encode(iban_chiffre, 'escape') AS row FROM payments.creanciers c WHERE id = $1`,
    creancier.id,
  );
  expect(row!.row).not.toContain(IBAN.slice(4, 12));
  expect((await refusalOf(creancierOf({ organisationId }))).code).toBe('ALREADY_EXISTS');
  expect((await refusalOf(creanciers.get({ id: unique('org') }))).code).toBe('NOT_FOUND');
});

test.each([
  ['iban', { iban: 'FR7630006000011234567890188' }],
  ['bic', { bic: 'DEUTDEFF' }],
  ['ics', { ics: 'FR73ZZZ123456' }],
  ['ics', { ics: 'pas un ICS' }],
  ['nom', { nom: ' ' }],
])('a wrong %s is refused, naming it', async (field, changes) => {
  const refused = await refusalOf(creancierOf(changes));
  expect(refused).toMatchObject({ code: 'INVALID_ARGUMENT', violations: [{ field }] });
  expect(JSON.stringify(refused)).not.toContain('3000600001');
});

test('an update changes what is given; a new account has no BIC of the one before', async () => {
  const { id, organisationId } = await creancierOf();
  expect(await creanciers.update({ id, nom: 'Autre nom' })).toMatchObject({
    nom: 'Autre nom',
    bic: 'AGRIFRPP',
  });
  expect(await creanciers.update({ id: organisationId, iban: OTHER_IBAN })).toMatchObject({
    ...{ nom: 'Autre nom', bic: '', ibanMasque: 'DE89 **** 000', ics: 'FR72ZZZ123456' },
  });
  const refused = await refusalOf(creanciers.update({ id, bic: 'AGRIFRPP' }));
  expect(refused.violations).toMatchObject([{ field: 'bic' }]);
});

test('an organisation’s debits are paid to its creditor, others’ to the environment’s; a file stays as it was', async () => {
  const [own, without] = [await creancierOf({ iban: OTHER_IBAN, bic: '', nom: 'Ours' }), unique('org')];
  const { organisationId } = own;
  await duePayment(organisationId, '2026-03-09');
  await duePayment(without, '2026-03-09');
  const { nomFichier, contenu } = await emit(organisationId);
  expect(contenu.toString()).toContain('<InitgPty><Nm>Ours</Nm>');
  expect(contenu.toString()).toContain(`<CdtrAcct><Id><IBAN>${OTHER_IBAN}</IBAN>`);
  const ofEnvironment = (await emit(without)).contenu.toString();
  expect(ofEnvironment).toContain(stack.env.CREANCIER_IBAN);
  expect(ofEnvironment).not.toContain(OTHER_IBAN);
  await creanciers.update({ id: own.id, nom: 'Theirs', iban: IBAN });
  expect(await emit(organisationId)).toMatchObject({ nomFichier, contenu });
  expect(readFileSync(join(stack.env.BANK_DIR!, 'outbox', nomFichier)).equals(contenu)).toBe(true);
});

test('without an organisation all are in one file, each creditor in blocks of its own', async () => {
  const day = '2026-02-12';
  const [one, two] = [
    await creancierOf({ nom: 'Un' }),
    await creancierOf({ nom: 'Deux', iban: OTHER_IBAN, bic: '' }),
  ];
  const ours = [await duePayment(one.organisationId, day), await duePayment(two.organisationId, day)];
  const { contenu, nombre } = await payments.emit({ dateCollecte: day });
  expect(nombre).toBeGreaterThanOrEqual(2); // what other tests left due by that day is taken, too
  const blocks = contenu.toString().split('<PmtInf>').slice(1);
  const blockOf = ({ id }: { id: string }) =>
    blocks.filter((block) => block.includes(`<EndToEndId>${id.replaceAll('-', '')}01</EndToEndId>`));
  expect(blockOf(ours[0]!)).toEqual([expect.stringContaining('<Cdtr><Nm>Un</Nm></Cdtr>')]);
  expect(blockOf(ours[1]!)).toEqual([expect.stringContaining('<Cdtr><Nm>Deux</Nm></Cdtr>')]);
  expect(blockOf(ours[1]!)[0]).toContain(OTHER_IBAN);
});
