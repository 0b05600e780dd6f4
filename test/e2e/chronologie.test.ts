import { jest } from '@jest/globals';
import {
  ActiviteServiceService,
  ChronologieServiceService,
  TypeActivite,
} from '@crm/proto/activites/activites';
import { GenreLigne, type LigneChronologie } from '@crm/proto/chronologie/chronologie';
import { UtilisateurServiceService } from '@crm/proto/users/users';
import { GenreAttente } from '@crm/proto/relance/attentes';
import { connectTo, PORTS } from '@crm/kit';
import { EmailServiceService } from '@crm/proto/email/email';
import { ground, type Prepared } from '../support/ground.ts';
import { refusalOf } from '../support/refusal.ts';
import { reservePortOffset } from '../support/reserve-port-offset.ts';
import { startServicesAlone } from '../support/services-alone.ts';
import { sharedStack } from '../support/stack.ts';
import { todayInParis } from '../support/today.ts';
import { unique } from '../support/unique.ts';
import { until } from '../support/until.ts';

jest.setTimeout(180_000);

const stack = sharedStack();
const { services, prepareClient, signContract } = ground(stack);
const sub = unique('zoe');
const timeline = stack.client('activites', ChronologieServiceService, sub);
const activites = stack.client('activites', ActiviteServiceService, sub);

afterAll(() => stack.close());

/** Everything, page by page. */
async function readAll(
  request: { clientId: string; invoiceId?: string; genres?: GenreLigne[] },
  pageSize = 200,
  between: () => Promise<unknown> = () => Promise.resolve(),
): Promise<LigneChronologie[]> {
  const all: LigneChronologie[] = [];
  let pageToken = '';
  do {
    const page = await timeline.list({ ...request, pageSize, pageToken });
    expect(page.absents).toEqual([]);
    all.push(...page.lignes);
    pageToken = page.nextPageToken;
    await between();
  } while (pageToken);
  return all;
}

const reply = (messageId: string) =>
  Buffer.from(
    `From: Zoé <zoe@example.org>\r\nTo: retours@suivi.invalid\r\nSubject: Re: <b>Bonjour</b>\r\n` +
      `Message-ID: <${unique('reply')}@example.org>\r\nIn-Reply-To: <${messageId}>\r\n` +
      `Content-Type: text/plain; charset=utf-8\r\n\r\nLe virement est parti.\r\n`,
  );

/** One of everything that can happen with a client. */
async function everything({ organisationId, clientId }: Prepared) {
  const as = <K extends keyof typeof services>(name: K) => services[name];
  await stack.client('users', UtilisateurServiceService).create({
    ...{ keycloakId: sub, prenom: 'Zoé', nom: 'Marchand', email: `${sub}@example.org` },
  });
  const welcome = await until('the welcome mail', async () => {
    const { emails } = await as('emails').getEmails({ clientId });
    return emails.find(({ statut }) => statut === 'ENVOYE');
  });
  await stack.client('email', EmailServiceService, 'service:mail').recordReply({
    message: reply(welcome.messageId),
  });
  const dateEcheance = todayInParis().add({ days: 30 }).toString();
  const invoice = await as('factures').create({ organisationId, clientId, montant: 120_000n, dateEcheance });
  const other = await as('factures').create({ organisationId, clientId, montant: 5_000n, dateEcheance });
  await as('factures').createCreditNote({ invoiceId: other.id, montant: 1_000n, motif: 'Geste commercial' });
  await as('factures').markAsPaid({ id: other.id, motif: 'Chèque' });
  await until('the reminders', () =>
    as('relances')
      .get({ id: invoice.id })
      .catch(() => undefined),
  );
  await as('relances').pause({ id: invoice.id, motif: 'Accord avec le client' });
  const promise = await as('attentes').create({
    ...{ clientId, invoiceIds: [invoice.id], genre: GenreAttente.PROMESSE, motif: 'Promis au téléphone' },
    jusquAu: todayInParis().add({ days: 9 }).toString(),
  });
  await as('attentes').lever({ id: promise.id, motif: 'Reprise' });
  const payment = await as('payments').create({
    ...{ organisationId, clientId, invoiceId: invoice.id, montant: 20_000n },
  });
  await as('payments').reject({ id: payment.id, motifRejet: 'AM04' });
  await until('the retries', () =>
    as('retries')
      .getSchedule({ id: payment.id })
      .catch(() => undefined),
  );
  await signContract({ organisationId, clientId });
  await as('clients').update({ id: clientId, sansRelance: true, motif: 'Demande de la direction' });
  await activites.create({
    organisationId,
    clientId,
    type: TypeActivite.APPEL,
    resume: 'Rappelle mardi <script>',
  });
  await as('emails').recordBounce({
    messageId: welcome.messageId,
    code: '5.1.1',
    diagnostic: 'no such user',
  });
  return { invoice, other };
}

test('everything that happened with a client is one list, newest first, with who, why and the numbers of invoices', async () => {
  const prepared = await prepareClient();
  const { clientId } = prepared;
  const { invoice, other } = await everything(prepared);
  const lines = await until('all of it', async () => {
    const all = await readAll({ clientId });
    const genres = new Set(all.map(({ genre }) => genre));
    return genres.size === 15 ? all : undefined;
  });
  const times = lines.map(({ instant }) => instant!.getTime());
  expect(times).toEqual(times.toSorted((a, b) => b - a));
  expect(new Set(lines.map(({ id }) => id)).size).toBe(lines.length);
  const of = (genre: GenreLigne, code?: string) =>
    lines.filter((line) => line.genre === genre && (code === undefined || line.code === code));
  expect(of(GenreLigne.RELANCE, 'PAUSE')).toMatchObject([
    {
      motif: 'Accord avec le client',
      auteur: 'alice',
      factures: [{ id: invoice.id, numero: invoice.numero }],
    },
  ]);
  expect(of(GenreLigne.ACTIVITE)).toMatchObject([
    { code: 'APPEL', texte: 'Rappelle mardi <script>', auteurNom: 'Zoé Marchand' },
  ]);
  expect(of(GenreLigne.REPONSE_RECUE)).toMatchObject([
    { code: 'REPONSE', titre: 'Re: <b>Bonjour</b>', texte: 'Le virement est parti.' },
  ]);
  expect(of(GenreLigne.ATTENTE, 'PROMESSE')).toMatchObject([
    { montant: 120_000n, motif: 'Promis au téléphone' },
  ]);
  expect(of(GenreLigne.FIN_ATTENTE)).toMatchObject([{ code: 'ATTENTE_LEVEE', motif: 'Reprise' }]);
  expect(of(GenreLigne.REJET)).toMatchObject([{ code: 'AM04', montant: 20_000n, numero: 1 }]);
  expect(of(GenreLigne.RETOUR_COURRIEL)).toMatchObject([
    { code: '5.1.1', texte: expect.stringContaining('no such user') as string },
  ]);
  expect(of(GenreLigne.CLIENT, 'sansRelance')).toMatchObject([
    { avant: 'false', apres: 'true', motif: 'Demande de la direction' },
  ]);
  expect(of(GenreLigne.FACTURE, 'PAYEE')).toMatchObject([
    { titre: other.numero, motif: 'Chèque', auteur: 'alice' },
  ]);
  // what the history says of a hold for each of its invoices is told once
  expect(of(GenreLigne.RELANCE, 'ATTENTE')).toEqual([]);

  const ofInvoice = await readAll({ clientId, invoiceId: invoice.id });
  expect(ofInvoice.length).toBeGreaterThan(4);
  expect(ofInvoice.flatMap(({ factures }) => factures.map(({ id }) => id))).not.toContain(other.id);
  const mails = await readAll({ clientId, genres: [GenreLigne.COURRIEL, GenreLigne.AVOIR] });
  expect(new Set(mails.map(({ genre }) => genre))).toEqual(new Set([GenreLigne.COURRIEL, GenreLigne.AVOIR]));
});

test('pages neither repeat nor miss a line while others are written, also of lines of one instant', async () => {
  const { clientId, organisationId } = await prepareClient();
  await until('the welcome mail', async () => {
    const { emails } = await services.emails.getEmails({ clientId });
    return emails.find(({ statut }) => statut === 'ENVOYE');
  });
  // five lines of each of two tables share each instant
  await stack.sql(
    `INSERT INTO activites.activites (id, organisation_id, client_id, utilisateur_id, type, resume, date_activite)
     SELECT gen_random_uuid(), $1, $2, 'alice', 'NOTE', 'note', '2026-01-01'::timestamptz + (n / 5) * interval '1 day'
     FROM generate_series(0, 59) n`,
    organisationId,
    clientId,
  );
  await stack.sql(
    `INSERT INTO payments.mouvements (id, organisation_id, client_id, invoice_id, payment_id, statut, tentative, montant, jour, created_at)
     SELECT gen_random_uuid(), $1, $2, '', 'p', CASE WHEN n % 2 = 0 THEN 'EMIS' ELSE 'REJETE' END, 1, 100, '2026-01-01',
       '2026-01-01'::timestamptz + (n / 5) * interval '1 day'
     FROM generate_series(0, 59) n`,
    organisationId,
    clientId,
  );
  const before = (await readAll({ clientId })).map(({ id }) => id);
  expect(before.length).toBeGreaterThanOrEqual(121);
  const read = await readAll({ clientId }, 7, () =>
    activites.create({ organisationId, clientId, resume: 'écrit entre-temps' }),
  );
  const ids = read.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids).toEqual(before);
});

test('a service that is away is named, and the rest is shown; an unknown client is not found', async () => {
  const { clientId, organisationId } = await prepareClient();
  await activites.create({ organisationId, clientId, resume: 'note' });
  const { offset, release } = await reservePortOffset([PORTS.activites]);
  const alone = await startServicesAlone(stack, ['activites'], offset, { EMAIL_ADDRESS: '127.0.0.1:1' });
  try {
    const client = connectTo(ChronologieServiceService, alone.address('activites'), () => stack.token());
    const page = await client.list({ clientId });
    expect(page.absents).toEqual(['email']);
    expect(page.lignes.map(({ genre }) => genre)).toEqual(
      expect.arrayContaining([GenreLigne.ACTIVITE, GenreLigne.CLIENT]),
    );
    client.close();
  } finally {
    await alone.stop();
    await release();
  }
  expect(await refusalOf(timeline.list({ clientId: unique('nobody') }))).toMatchObject({ code: 'NOT_FOUND' });
  expect(await refusalOf(timeline.list({ clientId, pageToken: 'AAAA' }))).toMatchObject({
    code: 'INVALID_ARGUMENT',
  });
});
