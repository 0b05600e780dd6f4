import { AdresseServiceService, ClientBaseServiceService } from '@crm/proto/clients/clients';
import { ApporteurServiceService } from '@crm/proto/commerciaux/commerciaux';
import { ContratServiceService } from '@crm/proto/contrats/contrats';
import { EmailServiceService } from '@crm/proto/email/email';
import { InvoiceServiceService } from '@crm/proto/factures/factures';
import { OrganisationServiceService, SocieteServiceService } from '@crm/proto/organisations/organisations';
import { PaymentServiceService } from '@crm/proto/payments/payments';
import { UtilisateurServiceService } from '@crm/proto/users/users';
import { refusalOf } from '../support/refusal.ts';
import { sharedStack } from '../support/stack.ts';
import { unique } from '../support/unique.ts';

const stack = sharedStack();
const adresses = stack.client('clients', AdresseServiceService);
const apporteurs = stack.client('commerciaux', ApporteurServiceService);
const clients = stack.client('clients', ClientBaseServiceService);
const contrats = stack.client('contrats', ContratServiceService);
const emails = stack.client('email', EmailServiceService);
const invoices = stack.client('factures', InvoiceServiceService);
const organisations = stack.client('organisations', OrganisationServiceService);
const payments = stack.client('payments', PaymentServiceService);
const societes = stack.client('organisations', SocieteServiceService);
const users = stack.client('users', UtilisateurServiceService);

afterAll(() => stack.close());

/** What the mail server refuses at RCPT TO or MAIL FROM. */
const REFUSED = '.a@exemple.test';
const mail = { sujet: 'Bonjour', texte: 'Bonjour' };

test.each<[string, string, (organisationId: string) => Promise<unknown>]>([
  ['a client', 'email', (organisationId) => clients.create({ organisationId, nom: 'N', email: REFUSED })],
  [
    'an apporteur',
    'email',
    (organisationId) => apporteurs.create({ organisationId, nom: 'N', email: REFUSED }),
  ],
  ['a user', 'email', (organisationId) => users.create({ organisationId, nom: 'N', email: REFUSED })],
  ['an organisation', 'email', (code) => organisations.create({ code, nom: 'N', email: REFUSED })],
  [
    'a société’s sender',
    'expediteurAdresse',
    (organisationId) =>
      societes.create({ organisationId, raisonSociale: 'N', expediteurAdresse: 'a..b@exemple.test' }),
  ],
  [
    'a société’s answers',
    'replyTo',
    (organisationId) => societes.create({ organisationId, raisonSociale: 'N', replyTo: REFUSED }),
  ],
  [
    'an e-mail',
    'destinataire',
    (organisationId) => emails.sendEmail({ organisationId, destinataire: REFUSED, ...mail }),
  ],
  [
    'an e-mail by a template',
    'destinataire',
    (organisationId) =>
      emails.sendEmailWithTemplate({
        ...{ organisationId, destinataire: REFUSED, modele: 'bienvenue', variables: { nom: 'N' } },
      }),
  ],
])('an address that mail servers refuse is not taken: %s', async (_, field, create) => {
  const refused = await refusalOf(create(unique('org')));
  expect(refused).toMatchObject({ code: 'INVALID_ARGUMENT', violations: [{ field }] });
});

test('what may be left out is not told by what cannot be seen', async () => {
  const organisationId = unique('org');
  const blank = '\u2800\u00a0';
  const told: [string[], () => Promise<unknown>][] = [
    [
      ['prenom', 'referenceClient'],
      () => clients.create({ organisationId, nom: 'N', prenom: blank, referenceClient: blank }),
    ],
    [['prenom'], () => apporteurs.create({ organisationId, nom: 'N', prenom: blank })],
    [['prenom'], () => users.create({ organisationId, nom: 'N', prenom: blank })],
    [
      ['objet'],
      () => invoices.create({ organisationId, clientId: unique('client'), montant: 100n, objet: blank }),
    ],
    [
      ['contact', 'expediteurNom', 'paiement'],
      () =>
        societes.create({
          organisationId,
          raisonSociale: 'N',
          contact: blank,
          expediteurNom: blank,
          paiement: blank,
        }),
    ],
  ];
  for (const [fields, call] of told) {
    const { violations } = await refusalOf(call());
    expect(violations.map(({ field }) => field).sort()).toEqual(fields);
  }
});

test('a postal address of nothing that can be seen, or with parts of several lines, is not taken: all parts are named', async () => {
  const { id: clientId } = await clients.create({ organisationId: unique('org'), nom: 'N' });
  const fields = (refused: { violations: { field: string }[] }) =>
    refused.violations.map(({ field }) => field).sort();
  const blank = { ligne1: '\u2800', codePostal: '\u00a0', ville: '\u200b' };
  const broken = { ligne1: '1 rue A\nB', ligne2: 'x\ny', codePostal: '7500\n1', ville: 'Paris\nX' };
  for (const parts of [blank, broken]) {
    expect(fields(await refusalOf(adresses.create({ clientId, ...parts })))).toEqual(
      Object.keys(parts).sort(),
    );
  }
  const whole = { ligne1: '1 rue A', codePostal: '75001', ville: 'Paris' };
  const { id } = await adresses.create({ clientId, ...whole });
  expect(fields(await refusalOf(adresses.update({ id, ...broken })))).toEqual(Object.keys(broken).sort());
});

test('a client with such an address from before is read, changed in other fields, and not written to', async () => {
  const { id } = await clients.create({ organisationId: unique('org'), nom: 'Avant' });
  await stack.sql(
    `UPDATE clients.clients SET email = 'a..b@exemple.test', nom = $2 WHERE id = $1`,
    id,
    '\u2800',
  );
  expect(await clients.update({ id, telephone: '0102030405' })).toMatchObject({ telephone: '0102030405' });
  expect(await clients.get({ id })).toMatchObject({ nom: '\u2800', email: 'a..b@exemple.test' });
  const refused = await refusalOf(clients.update({ id, nom: '\u200b', email: 'a..b@exemple.test' }));
  expect(refused.violations.map(({ field }) => field).sort()).toEqual(['email', 'nom']);
  // its mail came back: the refusal is recorded although the address is malformed
  const email = { email: 'a..b@exemple.test', raison: '501 5.1.3 Bad recipient address syntax' };
  const recorded = await clients.recordEmailRefusal({ id, ...email, statut: 'ADRESSE_REFUSEE' });
  expect(recorded.emailStatut).toBe('ADRESSE_REFUSEE');
});

test('a draft of before with instalments after 2099 changes in other fields, and is not signed as it is', async () => {
  const draft = { clientId: unique('client'), produitId: 'prod-456', montantTotal: 100n, brouillon: true };
  const { id } = await contrats.create({ organisationId: unique('org'), ...draft });
  await stack.sql(`UPDATE contrats.contrats SET date_premiere_echeance = '2199-12-31' WHERE id = $1`, id);
  expect((await contrats.update({ id, produitId: 'prod-457' })).datePremiereEcheance).toBe('2199-12-31');
  const refused = await refusalOf(contrats.update({ id, montantTotal: 200n }));
  expect(refused.violations).toMatchObject([{ field: 'datePremiereEcheance' }]);
  expect((await refusalOf(contrats.signer({ id }))).reason).toBe('CONTRAT_ECHEANCES');
  await contrats.update({ id, datePremiereEcheance: '2099-12-31' });
  expect((await contrats.signer({ id })).statut).toBe('SIGNE');
});

test('money that is to come in, or back, has not: nothing is recorded and no event follows', async () => {
  const planned = { organisationId: unique('org'), clientId: unique('client'), montant: 1000n };
  const { id } = await payments.create(planned);
  const tomorrow = new Date(Date.now() + 24 * 3600 * 1000);
  const received = await refusalOf(payments.confirm({ id, dateReception: tomorrow }));
  expect(received).toMatchObject({ code: 'INVALID_ARGUMENT', violations: [{ field: 'dateReception' }] });
  const rejected = await refusalOf(payments.reject({ id, motifRejet: 'AM04', dateRejet: tomorrow }));
  expect(rejected).toMatchObject({ code: 'INVALID_ARGUMENT', violations: [{ field: 'dateRejet' }] });
  expect((await payments.get({ id })).statut).toBe('PLANIFIE');
  const told = `SELECT 1 FROM events.outbox WHERE position($1::text::bytea IN payload) > 0`;
  expect(await stack.sql(told, id)).toEqual([]);
});
