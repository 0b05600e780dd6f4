import { todayInParis } from '@crm/domain';
import { connectTo, PORTS, type ServiceName } from '@crm/kit';
import { CalendarEngineServiceService } from '@crm/proto/calendar/calendar';
import { ClientBaseServiceService } from '@crm/proto/clients/clients';
import {
  ApporteurServiceService,
  BaremeCommissionServiceService,
  TypeBareme,
} from '@crm/proto/commerciaux/commerciaux';
import { CommissionServiceService } from '@crm/proto/commission/commission';
import { ContratServiceService } from '@crm/proto/contrats/contrats';
import { EmailServiceService } from '@crm/proto/email/email';
import { InvoiceServiceService } from '@crm/proto/factures/factures';
import {
  MandateServiceService,
  PaymentScheduleServiceService,
  PaymentServiceService,
} from '@crm/proto/payments/payments';
import { AttenteRelanceServiceService, GenreAttente } from '@crm/proto/relance/attentes';
import { RelanceServiceService } from '@crm/proto/relance/relance';
import { SimulationServiceService } from '@crm/proto/relance/simulation';
import { RetryAdminServiceService, SimulateRetriesRequest } from '@crm/proto/retry/retry';
import { UtilisateurServiceService } from '@crm/proto/users/users';
import { status, type ServiceError } from '@grpc/grpc-js';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { letDaysPass } from '../support/let-days-pass.ts';
import { sharedStack } from '../support/stack.ts';
import { unique, uniqueAddress } from '../support/unique.ts';
import { until } from '../support/until.ts';

const stack = sharedStack();
afterAll(() => stack.close());

const organisationId = unique('org');
const clientId = unique('client');
const agendaClient = unique('client');
type Settings = { metadata: Record<string, string> };
type Refused = { code: status };

/** A debit to come, by a mandate of its own. */
async function planDebit(
  of: { clientId: string; invoiceId?: string; contratId?: string },
  settings?: Settings,
) {
  const account = { iban: 'FR1420041010050500013M02606', titulaire: 'Zoé', dateSignature: '2026-01-15' };
  const { id: mandatId } = await stack
    .client('payments', MandateServiceService)
    .create({ organisationId, clientId: of.clientId, ...account });
  await stack
    .client('payments', PaymentServiceService)
    .create({ ...of, organisationId, mandatId, montant: 1_000n }, settings);
}

/** An invoice whose reminders are planned. */
async function remindedInvoice() {
  const factures = stack.client('factures', InvoiceServiceService);
  const invoice = await factures.create({ organisationId, clientId, montant: 1_000n });
  await until('the plan', () => stack.client('relance', RelanceServiceService).get({ id: invoice.id }));
  return invoice;
}

/** A dispute, if not another kind is given, of today. */
const createHold = (more: object, settings?: Settings) =>
  stack
    .client('relance', AttenteRelanceServiceService)
    .create(
      { organisationId, genre: GenreAttente.LITIGE, motif: 'x', jusquAu: todayInParis(), ...more },
      settings,
    );

/** Records an answer to an e-mail, of a client or of nobody. */
async function answerMail(of: { clientId?: string }, settings: Settings) {
  const emails = stack.client('email', EmailServiceService);
  const mail = { organisationId, destinataire: uniqueAddress(), sujet: 'Bonjour', texte: 'Bonjour' };
  const { messageId } = await emails.sendEmail({ ...mail, ...of });
  const message = Buffer.from(
    `From: zoe@example.org\r\nIn-Reply-To: <${messageId}>\r\nMessage-ID: <${unique('reply')}@example.org>\r\n\r\nBonjour\r\n`,
  );
  await emails.recordReply({ message }, settings);
}

/** Downloads the dossier of a new invoice. */
async function dossierOf(dates: { dateFacture?: string; dateEcheance?: string }, settings: Settings) {
  const { id: invoiceId } = await stack
    .client('factures', InvoiceServiceService)
    .create({ organisationId, clientId, montant: 1_000n, ...dates });
  const chunks = stack.client('relance', RelanceServiceService).downloadDossier({ invoiceId }, settings);
  for await (const { contenu } of chunks) expect(contenu.length).toBeGreaterThan(0);
}

/** Calls that a service can only answer by calling another, and which one that is. */
const CROSSINGS: [string, string, (settings: Settings) => Promise<unknown>][] = [
  [
    'payments plans on the days that calendar says are open',
    '/calendar.CalendarEngineService/CalculatePlannedDatesBatch',
    (settings) =>
      stack
        .client('payments', PaymentScheduleServiceService)
        .create({ organisationId, clientId, contratId: unique('contrat'), montantTotal: 1_000n }, settings),
  ],
  [
    'payments tells of the retries that retry knows',
    '/retry.RetryAdminService/GetSchedule',
    (settings) =>
      stack
        .client('payments', PaymentServiceService)
        .create({ organisationId, clientId, montant: 1_000n, datePrevue: '2026-03-09' })
        .then(({ id }) => stack.client('payments', PaymentServiceService).getRetrySchedule({ id }, settings))
        .catch((error: Refused) => expect(error.code).toBe(status.NOT_FOUND)),
  ],
  [
    'users tells of the memberships that organisations knows',
    '/organisations.OrganisationService/List',
    (settings) =>
      stack
        .client('users', UtilisateurServiceService)
        .create({ organisationId, nom: 'Membre' })
        .then(({ id }) => stack.client('users', UtilisateurServiceService).get({ id }, settings)),
  ],
  [
    'contrats tells of the schedule that payments knows',
    '/payments.PaymentScheduleService/List',
    (settings) =>
      stack
        .client('contrats', ContratServiceService)
        .create({ organisationId, clientId, produitId: 'prod-456', brouillon: true })
        .then(({ id }) => stack.client('contrats', ContratServiceService).getEcheancier({ id }, settings))
        .catch((error: Refused) => expect(error.code).toBe(status.NOT_FOUND)),
  ],
  [
    'factures tells what payments has received',
    '/payments.PaymentService/GetMontantsRecus',
    (settings) =>
      stack
        .client('factures', InvoiceServiceService)
        .create({ organisationId, clientId, montant: 1_000n })
        .then(({ id }) => stack.client('factures', InvoiceServiceService).get({ id }, settings)),
  ],
  [
    'relance previews on the days that calendar says are open',
    '/calendar.',
    (settings) =>
      stack.client('relance', RelanceServiceService).preview({ dateFacture: '2026-05-15' }, settings),
  ],
  [
    'relance previews other rules by the dates that factures knows',
    '/factures.InvoiceService/List',
    async (settings) => {
      const relances = stack.client('relance', RelanceServiceService);
      const invoice = await stack
        .client('factures', InvoiceServiceService)
        .create({ organisationId, clientId, montant: 1_000n });
      const { id: invoiceId, dateFacture, dateEcheance } = invoice;
      await relances.create({ organisationId, clientId, invoiceId, dateFacture, dateEcheance });
      return await relances.previewMigration({ id: invoiceId }, settings);
    },
  ],
  [
    'relance tells on the agenda of the debits that payments knows',
    '/payments.PaymentService/ListPrelevements',
    (settings) => stack.client('relance', RelanceServiceService).agenda({ organisationId }, settings),
  ],
  [
    'relance tells on the agenda of the retries that retry knows',
    '/retry.RetryAdminService/ListSchedules',
    (settings) => stack.client('relance', RelanceServiceService).agenda({ organisationId }, settings),
  ],
  [
    'relance tells on the agenda of the tasks that activites knows',
    '/activites.TacheService/List',
    (settings) => stack.client('relance', RelanceServiceService).agenda({ organisationId }, settings),
  ],
  [
    'relance asks activites whether the task is done that holds reminders back',
    '/activites.TacheService/List',
    async (settings) => {
      const attentes = stack.client('relance', AttenteRelanceServiceService);
      const held = { organisationId, clientId: unique('client') };
      await attentes.create({ ...held, motif: 'réponse reçue', tacheId: unique('tache') });
      return await attentes.list(held, settings);
    },
  ],
  [
    'relance asks organisations whether the client of a hold must exist',
    '/organisations.OrganisationService/Get',
    (settings) => createHold({ clientId: unique('client') }, settings),
  ],
  [
    'relance asks payments what was received before a promise',
    '/payments.PaymentService/GetMontantsRecus',
    async (settings) => {
      const { id } = await remindedInvoice();
      return await createHold({ invoiceIds: [id], genre: GenreAttente.PROMESSE }, settings);
    },
  ],
  [
    'relance creates the task of a hold whose last day is over',
    '/activites.TacheService/Create',
    async (settings) => {
      const { id } = await createHold({ clientId: unique('client') });
      await letDaysPass(stack, id, 1);
      return await stack.client('relance', AttenteRelanceServiceService).get({ id }, settings);
    },
  ],
  [
    'relance foresees the debits of an invoice as retry does',
    '/retry.RetryAdminService/Simulate',
    async (settings) => {
      const { id: facture } = await stack
        .client('factures', InvoiceServiceService)
        .create({ organisationId, clientId, montant: 1_000n });
      await planDebit({ clientId, invoiceId: facture });
      const simulations = stack.client('relance', SimulationServiceService);
      for await (const answer of simulations.simulate({ facture }, settings)) expect(answer).toBeDefined();
    },
  ],
  [
    'retry foresees a payment that payments knows',
    '/payments.PaymentService/Get',
    async (settings) => {
      const { id } = await stack
        .client('payments', PaymentServiceService)
        .create({ organisationId, clientId, montant: 1_000n });
      const request = { paiements: [{ id, dateRejet: new Date() }], jusquA: new Date(Date.now() + 1_000) };
      const retries = stack.client('retry', RetryAdminServiceService);
      return await retries.simulate(SimulateRetriesRequest.fromPartial(request), settings);
    },
  ],
  [
    'relance asks payments which debits cover an invoice',
    '/payments.PaymentService/GetCouvertures',
    async (settings) => {
      const { id } = await remindedInvoice();
      return await stack.client('relance', RelanceServiceService).get({ id }, settings);
    },
  ],
  [
    'payments asks retry which rejected debits are presented again',
    '/retry.RetryAdminService/ListSchedules',
    async (settings) => {
      const payments = stack.client('payments', PaymentServiceService);
      const { id: invoiceId } = await remindedInvoice();
      const { id } = await payments.create({ organisationId, clientId, invoiceId, montant: 1_000n });
      await payments.reject({ id, motifRejet: 'AM04' });
      return await payments.getCouvertures({ invoiceIds: [invoiceId] }, settings);
    },
  ],
  [
    'factures has relance plan anew by another due date',
    '/relance.RelanceService/Replanifier',
    async (settings) => {
      const { id } = await remindedInvoice();
      const dateEcheance = '2098-06-20';
      return await stack.client('factures', InvoiceServiceService).update({ id, dateEcheance }, settings);
    },
  ],
  [
    'email makes a task of an answer',
    '/activites.TacheService/Create',
    (settings) => answerMail({}, settings),
  ],
  [
    'email has relance hold back the reminders of a client who answers',
    '/relance.AttenteRelanceService/Create',
    (settings) => answerMail({ clientId: unique('client') }, settings),
  ],
  [
    'relance puts into a dossier the mails that email knows',
    '/email.EmailService/GetEmails',
    (settings) => dossierOf({}, settings),
  ],
  [
    'relance puts into a dossier the answers that email knows',
    '/email.EmailService/GetReplies',
    (settings) => dossierOf({}, settings),
  ],
  [
    'relance puts into a dossier the formal notice that factures makes',
    '/factures.InvoiceService/DownloadMiseEnDemeurePdf',
    (settings) => dossierOf({ dateFacture: '2026-05-04', dateEcheance: '2026-06-03' }, settings),
  ],
  [
    'relance tells on the agenda what factures says remains',
    '/factures.InvoiceService/List',
    async (settings) => {
      await planDebit({ clientId: agendaClient, invoiceId: 'facture-1' });
      const relances = stack.client('relance', RelanceServiceService);
      return await relances.agenda({ clientId: agendaClient }, settings);
    },
  ],
  [
    'payments asks contrats what was terminated before it tells of debits',
    '/contrats.ContratService/List',
    async (settings) => {
      await planDebit({ clientId, contratId: 'contrat-1' });
      const payments = stack.client('payments', PaymentServiceService);
      return await payments.listPrelevements({ organisationId }, settings);
    },
  ],
  [
    'factures asks organisations who was set up',
    '/organisations.OrganisationService/Get',
    (settings) =>
      stack
        .client('factures', InvoiceServiceService)
        .create({ organisationId, clientId, montant: 1_000n }, settings),
  ],
  [
    'payments asks factures what is left of an invoice',
    '/factures.InvoiceService/Get',
    (settings) =>
      stack
        .client('payments', PaymentServiceService)
        .create({ organisationId, clientId, invoiceId: 'facture-1', montant: 1_000n }, settings),
  ],
  [
    'payments asks organisations who has a société',
    '/organisations.SocieteService/List',
    (settings) => planDebit({ clientId }, settings),
  ],
  [
    'retry previews by the class that referentiel knows',
    '/referentiel.MotifRejetService/Get',
    (settings) =>
      stack
        .client('retry', RetryAdminServiceService)
        .previewRetry({ motifRejet: 'AM04', dateRejet: new Date('2026-03-02T13:30:00Z') }, settings),
  ],
  [
    'retry plans after the notice of a mandate that payments knows',
    '/payments.MandateService/Get',
    async (settings) => {
      const retries = stack.client('retry', RetryAdminServiceService);
      const rejection = { motifRejet: 'AC04', dateRejet: new Date() };
      const { id } = await retries.createSchedule({
        ...{ organisationId, clientId, paymentId: unique('payment'), montant: 1_000n },
        ...rejection,
      });
      return await retries
        .resumeWithMandate({ id, mandatId: unique('mandat') }, settings)
        .catch((error: Refused) => expect(error.code).toBe(status.FAILED_PRECONDITION));
    },
  ],
  [
    'commission computes by the barème that commerciaux knows',
    '/commerciaux.BaremeCommissionService/Get',
    async (settings) => {
      const { id: baremeId } = await stack
        .client('commerciaux', BaremeCommissionServiceService)
        .create({ organisationId, nom: 'Fixe', type: TypeBareme.FIXE, montantFixe: 500n });
      const { id: apporteurId } = await stack
        .client('commerciaux', ApporteurServiceService)
        .create({ organisationId, nom: 'Apport', baremeId });
      return await stack
        .client('commission', CommissionServiceService)
        .calculerCommission(
          { organisationId, apporteurId, paymentId: unique('payment'), montant: 1_000n },
          settings,
        );
    },
  ],
];

test.each(CROSSINGS)('%s, under the caller’s own token', async (_, path, call) => {
  const correlationId = randomUUID();
  await call({ metadata: { 'correlation-id': correlationId } });
  const line = await until('the line of the inner call', () =>
    lines(correlationId).find(({ msg, method }) => msg === 'call' && method.startsWith(path)),
  );
  // services have no token of their own: what let this call in was the caller's
  expect(line.code).not.toBe('UNAUTHENTICATED');
});

test.each<[ServiceName, object]>([
  ['calendar', CalendarEngineServiceService],
  ['clients', ClientBaseServiceService],
  ['payments', PaymentServiceService],
])('a process without a token is refused by %s, whatever headers it sends', async (service, definition) => {
  const address = `127.0.0.1:${PORTS[service] + stack.portOffset}`;
  const client = connectTo(definition as typeof ClientBaseServiceService, address, () =>
    Promise.resolve(undefined),
  );
  const [method] = Object.keys(definition) as 'get'[];
  const metadata = {
    'x-service': 'payments',
    'x-internal': 'true',
    'x-user': 'alice',
    'event-id': randomUUID(),
  };
  const refused = await client[method!]({}, { metadata }).catch((error: ServiceError) => error);
  expect((refused as ServiceError).code).toBe(status.UNAUTHENTICATED);
  client.close();
});

test('the workers’ service tokens are let in', async () => {
  const clients = stack.client('clients', ClientBaseServiceService, 'service:workers');
  const { id } = await clients.create({ organisationId, nom: 'Créé par un service' });
  expect((await clients.get({ id })).nom).toBe('Créé par un service');
});

/** The lines of the services' log with a correlation id. */
function lines(correlationId: string): { msg: string; method: string; code: string }[] {
  return readFileSync(join(stack.env.DATA_DIR!, 'logs', 'services.log'), 'utf8')
    .split('\n')
    .filter((line) => line.includes(correlationId))
    .map((line) => JSON.parse(line) as { msg: string; method: string; code: string });
}
