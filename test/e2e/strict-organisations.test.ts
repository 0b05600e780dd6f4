import { ActiviteServiceService, TacheServiceService } from '@crm/proto/activites/activites';
import { ClientBaseServiceService } from '@crm/proto/clients/clients';
import { ApporteurServiceService } from '@crm/proto/commerciaux/commerciaux';
import { ContratServiceService } from '@crm/proto/contrats/contrats';
import { PieceJointeServiceService, TypeEntite } from '@crm/proto/documents/documents';
import { InvoiceServiceService } from '@crm/proto/factures/factures';
import { LogisticsServiceService } from '@crm/proto/logistics/logistics';
import { OrganisationServiceService, SocieteServiceService } from '@crm/proto/organisations/organisations';
import {
  MandateServiceService,
  PaymentScheduleServiceService,
  PaymentServiceService,
} from '@crm/proto/payments/payments';
import { ProduitServiceService } from '@crm/proto/products/products';
import { refusalOf } from '../support/refusal.ts';
import { sharedStack } from '../support/stack.ts';
import { unique, uniqueAddress } from '../support/unique.ts';
import { until } from '../support/until.ts';

const stack = sharedStack();
const activites = stack.client('activites', ActiviteServiceService);
const apporteurs = stack.client('commerciaux', ApporteurServiceService);
const clients = stack.client('clients', ClientBaseServiceService);
const contrats = stack.client('contrats', ContratServiceService);
const documents = stack.client('documents', PieceJointeServiceService);
const factures = stack.client('factures', InvoiceServiceService);
const logistics = stack.client('logistics', LogisticsServiceService);
const mandates = stack.client('payments', MandateServiceService);
const organisations = stack.client('organisations', OrganisationServiceService);
const payments = stack.client('payments', PaymentServiceService);
const produits = stack.client('products', ProduitServiceService);
const schedules = stack.client('payments', PaymentScheduleServiceService);
const societes = stack.client('organisations', SocieteServiceService);
const taches = stack.client('activites', TacheServiceService);

afterAll(() => stack.close());

const IBAN = 'FR1420041010050500013M02606';

/** An organisation that was set up, with a client and a product. */
async function setUp({ hasSociete = true } = {}) {
  const { id, code: organisationId } = await organisations.create({ nom: 'Horizon', code: unique('org') });
  if (hasSociete) await societes.create({ organisationId, raisonSociale: 'Horizon' });
  const { id: clientId } = await clients.create({ organisationId, nom: 'Martin' });
  const { id: produitId } = await produits.create({ organisationId, nom: 'Entretien' });
  return { id, organisationId, clientId, produitId };
}
const mandateOf = (whose: { organisationId: string; clientId: string }, more: object = {}) =>
  mandates.create({ ...whose, iban: IBAN, titulaire: 'Test', dateSignature: '2026-01-15', ...more });

const nobody = 'personne-1';
type Made = (organisationId: string) => Promise<{ id: string }>;
/**
 * Every kind of entity that refers to entities of other services, each with unknown references; and the
 * fields that must be named.
 */
const OF_NOBODY: [string, string[], Made][] = [
  [
    'an invoice',
    ['clientId', 'contratId'],
    (organisationId) => factures.create({ organisationId, clientId: nobody, contratId: nobody, montant: 1n }),
  ],
  [
    'a contract',
    ['apporteurId', 'clientId', 'mandatId', 'produitId'],
    (organisationId) =>
      contrats.create({
        ...{ organisationId, clientId: nobody, produitId: nobody, apporteurId: nobody, mandatId: nobody },
        brouillon: true,
      }),
  ],
  [
    'a payment',
    ['clientId', 'contratId', 'invoiceId'],
    (organisationId) =>
      payments.create({
        ...{ organisationId, clientId: nobody, contratId: nobody, invoiceId: nobody, montant: 1n },
      }),
  ],
  [
    'a schedule',
    ['clientId', 'contratId'],
    (organisationId) =>
      schedules.create({ organisationId, clientId: nobody, contratId: unique('c'), montantTotal: 1n }),
  ],
  ['a mandate', ['clientId'], (organisationId) => mandateOf({ organisationId, clientId: nobody })],
  [
    'a shipment',
    ['clientId', 'contratId'],
    (organisationId) => logistics.createExpedition({ organisationId, clientId: nobody, contratId: nobody }),
  ],
  [
    'a task',
    ['clientId'],
    (organisationId) => taches.create({ organisationId, clientId: nobody, titre: 'Appeler' }),
  ],
  [
    'an activity',
    ['clientId'],
    (organisationId) => activites.create({ organisationId, clientId: nobody, resume: 'Appel' }),
  ],
  ...[TypeEntite.CLIENT, TypeEntite.CONTRAT, TypeEntite.FACTURE, TypeEntite.PAIEMENT].map(
    (typeEntite): [string, string[], Made] => [
      `a file of a ${typeEntite}`,
      ['entiteId'],
      (organisationId) =>
        documents.create({
          ...{ organisationId, typeEntite, entiteId: nobody, nomFichier: 'a.txt', contenu: Buffer.from('a') },
        }),
    ],
  ),
];

describe('an organisation that was set up', () => {
  let organisationId: string;
  beforeAll(async () => ({ organisationId } = await setUp()));

  test.each(OF_NOBODY)(
    'has not %s of what nobody knows; every field is named at once',
    async (_, fields, make) => {
      const { code, message, violations } = await refusalOf(make(organisationId));
      expect([code, violations.map(({ field }) => field).sort()]).toEqual(['NOT_FOUND', fields]);
      for (const field of fields) expect(message).toContain(`${field}: `);
    },
  );
});

test.each(OF_NOBODY)(
  'another system’s organisation has %s of what only that system knows',
  async (_, __, make) => {
    expect((await make(unique('org'))).id).not.toBe('');
  },
);

test('goes by its id as by its code', async () => {
  const { id, clientId } = await setUp();
  expect((await societes.list({ organisationId: id })).societes).toHaveLength(1);
  const refused = factures.create({ organisationId: id, clientId: nobody, montant: 1n });
  expect((await refusalOf(refused)).code).toBe('NOT_FOUND');
  expect((await factures.create({ organisationId: id, clientId, montant: 1n })).clientId).toBe(clientId);
});

test('a payment by a mandate that nobody knows is named with its other faults', async () => {
  const { organisationId } = await setUp();
  const made = payments.create({ organisationId, clientId: nobody, mandatId: nobody, montant: 1n });
  const { code, violations } = await refusalOf(made);
  expect([code, violations.map(({ field }) => field)]).toEqual(['NOT_FOUND', ['clientId', 'mandatId']]);
});

test('another organisation’s client is not ours; products are shared', async () => {
  const [ours, theirs] = [await setUp(), await setUp()];
  const { organisationId, produitId } = ours;
  const invoice = factures.create({ organisationId, clientId: theirs.clientId, montant: 1n });
  expect(await refusalOf(invoice)).toMatchObject({
    ...{ code: 'INVALID_ARGUMENT', violations: [{ field: 'clientId' }] },
  });
  const draft = { organisationId, clientId: ours.clientId, brouillon: true };
  expect((await contrats.create({ ...draft, produitId: theirs.produitId })).statut).toBe('BROUILLON');
  const { id: mandatId } = await mandateOf(theirs);
  const signed = contrats.create({ ...draft, produitId, mandatId, brouillon: false });
  expect(await refusalOf(signed)).toMatchObject({
    ...{ code: 'INVALID_ARGUMENT', violations: [{ field: 'mandatId' }] },
  });
});

test('a contract by a mandate that cannot be debited is refused before it is signed', async () => {
  const { organisationId, clientId, produitId } = await setUp({ hasSociete: false });
  const { id: mandatId } = await mandateOf({ organisationId, clientId });
  const contract = { organisationId, clientId, produitId, mandatId, montantTotal: 1000n };
  const draft = await contrats.create({ ...contract, brouillon: true });
  await societes.create({ organisationId, raisonSociale: 'Horizon' });
  expect((await refusalOf(contrats.create(contract))).reason).toBe('CREANCIER');
  await mandates.revoke({ id: mandatId, motif: 'demande' });
  for (const sign of [() => contrats.create(contract), () => contrats.signer({ id: draft.id })]) {
    expect((await refusalOf(sign())).reason).toBe('MANDAT_REVOQUE');
  }
});

test('an invoice whose seller is missing takes no number, nor does a credit note', async () => {
  const { organisationId, clientId } = await setUp({ hasSociete: false });
  const issue = (client = clientId) => factures.create({ organisationId, clientId: client, montant: 1000n });
  expect(await refusalOf(issue())).toMatchObject({
    ...{ code: 'FAILED_PRECONDITION', reason: 'SOCIETE' },
    message: expect.stringMatching(
      new RegExp(`^organisationId: ${organisationId} has no société .*SocieteService/Create`),
    ) as string,
  });
  const both = await refusalOf(issue(nobody));
  expect([both.code, both.violations.map(({ field }) => field)]).toEqual([
    'NOT_FOUND',
    ['clientId', 'organisationId'],
  ]);
  await societes.create({ organisationId, raisonSociale: 'Horizon' });
  expect((await issue()).numero).toMatch(/-0001$/);
  // a credit note for an invoice from before the organisation was set up
  const before = await factures.create({ organisationId: unique('org'), clientId, montant: 1000n });
  await organisations.create({ nom: 'Tard', code: before.organisationId });
  const credit = factures.createCreditNote({ invoiceId: before.id, motif: 'Erreur' });
  expect((await refusalOf(credit)).reason).toBe('SOCIETE');
});

test('a draft names others that there are, and signs nothing of a client who has gone', async () => {
  const { organisationId, clientId, produitId } = await setUp();
  const { id } = await contrats.create({ organisationId, clientId, produitId, brouillon: true });
  const changed = await refusalOf(contrats.update({ id, clientId: nobody, produitId: nobody }));
  expect([changed.code, changed.violations.map(({ field }) => field)]).toEqual([
    'NOT_FOUND',
    ['clientId', 'produitId'],
  ]);
  const apporteur = await apporteurs.create({ organisationId, nom: 'A' });
  await contrats.update({ id, apporteurId: apporteur.id });
  await clients.delete({ id: clientId });
  expect(await refusalOf(contrats.signer({ id }))).toMatchObject({
    ...{ code: 'NOT_FOUND', violations: [{ field: 'clientId' }] },
  });
  expect((await contrats.update({ id, montantTotal: 100n })).statut).toBe('BROUILLON');
});

test('a repeated call is answered as the first one was, also once its client was deleted', async () => {
  const { organisationId, clientId, produitId } = await setUp();
  const keyed = () => ({ metadata: { 'idempotency-key': unique('key') } });
  const calls = [
    [keyed(), (settings: object) => factures.create({ organisationId, clientId, montant: 1n }, settings)],
    [keyed(), (settings: object) => contrats.create({ organisationId, clientId, produitId }, settings)],
    [keyed(), (settings: object) => payments.create({ organisationId, clientId, montant: 1n }, settings)],
    [keyed(), (settings: object) => taches.create({ organisationId, clientId, titre: 'T' }, settings)],
  ] as const;
  const first = [];
  for (const [settings, make] of calls) first.push(await make(settings));
  await clients.delete({ id: clientId });
  for (const [at, [settings, make]] of calls.entries()) {
    expect(await make(settings)).toEqual(first[at]);
    expect((await refusalOf(make({}))).code).toBe('NOT_FOUND');
  }
  // the same key with another request is refused as ever
  const other = factures.create({ organisationId, clientId, montant: 2n }, calls[0][0]);
  expect((await refusalOf(other)).code).toBe('ALREADY_EXISTS');
});

test('an invoice of an organisation without a société promises no bank details', async () => {
  const organisationId = unique('org');
  const email = uniqueAddress();
  const { id: clientId } = await clients.create({ organisationId, nom: 'Martin', email });
  const { numero } = await factures.create({ organisationId, clientId, montant: 1000n });
  const mail = await until('the invoice mail', async () =>
    (await stack.mailsTo(email)).find(({ subject }) => subject.includes(numero)),
  );
  expect(mail.text).toContain('Pour savoir comment régler');
  expect(mail.text).not.toMatch(/coordonnées bancaires|IBAN|virement/);
});

test('the first calls work as they are written', async () => {
  const invoice = await factures.create({ clientId: 'client-123', montant: 1000n });
  expect(invoice).toMatchObject({ organisationId: 'default', clientId: 'client-123', statut: 'EMISE' });
  const contrat = await contrats.create({ clientId: 'client-123', produitId: 'prod-456' });
  expect(contrat).toMatchObject({ organisationId: 'default', statut: 'SIGNE' });
});
