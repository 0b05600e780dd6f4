import { addDays, todayInParis } from '@crm/domain';
import { eventIdOf } from '@crm/kit';
import { TacheServiceService } from '@crm/proto/activites/activites';
import { ClientBaseServiceService, type Client } from '@crm/proto/clients/clients';
import { DashboardKpisServiceService } from '@crm/proto/dashboard/dashboard';
import { GenreAttente } from '@crm/proto/relance/attentes';
import { BaseRelance, RegleRelanceServiceService } from '@crm/proto/relance/relance';
import type { ChildName } from '@crm/tools/parts';
import { ground } from '../support/ground.ts';
import { letDaysPass } from '../support/let-days-pass.ts';
import { startOwnStack, type Mail, type OwnStack } from '../support/stack.ts';
import { bridgeHolds } from '../support/stream.ts';
import { unique, uniqueAddress } from '../support/unique.ts';
import { until } from '../support/until.ts';

/** Retries can wait for up to 20 seconds before they notice that a server is back. */
const SETTLED_WITHIN_MS = 90_000;
/** The limit of a test: later than the limits within it, whose messages say more. */
const WITHIN_MS = 120_000;

let stack: OwnStack;
let clients: ReturnType<typeof connect>;
const connect = () => stack.client('clients', ClientBaseServiceService);

beforeAll(async () => {
  stack = await startOwnStack();
  clients = connect();
  await settled(await create(3, unique('org'))); // everything is warm
}, WITHIN_MS);

afterAll(() => stack?.stop(), 30_000);

/** Creates clients one after the other, and measures each call. */
async function create(count: number, organisationId: string, mailed = true): Promise<Created> {
  const created: Client[] = [];
  const times: number[] = [];
  for (let number = 0; number < count; number += 1) {
    const since = performance.now();
    const email = mailed ? uniqueAddress() : '';
    const gestionnaireId = organisationId;
    created.push(await clients.create({ organisationId, email, gestionnaireId, nom: `Numéro ${number}` }));
    times.push(performance.now() - since);
  }
  return { organisationId, clients: created, times };
}

type Created = { organisationId: string; clients: Client[]; times: number[] };

const median = (times: number[]) => [...times].sort((a, b) => a - b)[Math.floor(times.length / 2)]!;

const eventIdsOf = (created: Client[]) => created.map(({ id }) => eventIdOf('client.created', [id]));

async function unpublished(): Promise<number> {
  const [row] = await stack.sql<{ count: number }>(
    'SELECT count(*)::int AS count FROM events.outbox WHERE published_at IS NULL',
  );
  return row!.count;
}

/** Waits until everything has followed from the creation of clients, and checks that it happened once. */
async function settled({ organisationId, clients: created }: Created): Promise<void> {
  const temporal = await stack.temporal();
  const eventIds = eventIdsOf(created);
  const runs = async (ids: string[], state = '') => {
    const list = ids.map((id) => `'${id}'`).join(', ');
    const condition = state && ` AND ExecutionStatus = '${state}'`;
    return (await temporal.workflow.count(`WorkflowId IN (${list})${condition}`)).count;
  };
  await until(
    'all workflows to complete',
    async () => {
      const completed = await runs(eventIds, 'Completed');
      if (completed < eventIds.length) throw new Error(`${completed} of ${eventIds.length} completed`);
      return true;
    },
    SETTLED_WITHIN_MS,
  );
  expect(await runs(eventIds)).toBe(eventIds.length);
  expect(
    await runs(
      created.map(({ id }) => `suivi/${id}`),
      'Running',
    ),
  ).toBe(created.length);

  const addresses = created.map(({ email }) => email).filter(Boolean);
  const received = (await stack.mails()).filter(({ to }) => addresses.includes(to[0]!.address));
  expect(received.map((mail: Mail) => mail.to[0]!.address).sort()).toEqual(addresses.sort());

  const kpis = stack.client('dashboard', DashboardKpisServiceService);
  const { nouveauxClients } = await kpis.getKpis({ organisationId });
  expect(nouveauxClients).toBe(await clientsIn(organisationId));

  const told = await stack.sql<{ reference: string }>(
    'SELECT reference FROM notifications.notifications WHERE reference = ANY($1)',
    created.map(({ id }) => id),
  );
  expect(told.map(({ reference }) => reference).sort()).toEqual(created.map(({ id }) => id).sort());

  await until('the outbox to be empty', async () => (await unpublished()) === 0);
  expect(await stack.sql('SELECT subject, reason FROM events.dead_letters')).toEqual([]);
}

async function clientsIn(organisationId: string): Promise<bigint> {
  const rows = await stack.sql('SELECT 1 FROM clients.clients WHERE organisation_id = $1', organisationId);
  return BigInt(rows.length);
}

describe.each<[ChildName, string]>([
  ['nats', 'the events wait in the outbox'],
  ['temporal', 'the events wait in the stream'],
  ['workers', 'the events wait in the outbox'],
])('%s is stopped while clients are created', (server, waiting) => {
  test(
    `the calls succeed, ${waiting}, and all follows later`,
    async () => {
      const organisationId = unique('org');
      const before = await create(5, organisationId);
      await settled(before);
      await stack.platform.stop(server);
      const during = await create(5, organisationId);
      expect(await unpublishedAmong(during.clients)).toBe(server === 'temporal' ? 0 : 5);
      await stack.platform.start(server);
      await settled({ ...during, clients: [...before.clients, ...during.clients] });
      console.log(
        `Create with ${server} up: median ${median(before.times).toFixed(1)} ms, ` +
          `stopped: median ${median(during.times).toFixed(1)} ms, most ${Math.max(...during.times).toFixed(1)} ms`,
      );
    },
    WITHIN_MS,
  );
});

/** The number of the clients' events that are not published yet, after a moment for the relay. */
async function unpublishedAmong(created: Client[]): Promise<number> {
  const count = async () => {
    const rows = await stack.sql<{ event_id: string }>(
      'SELECT event_id::text FROM events.outbox WHERE published_at IS NULL AND event_id = ANY($1::uuid[])',
      eventIdsOf(created),
    );
    return rows.length;
  };
  if (!stack.platform.pid('nats') || !stack.platform.pid('workers')) return await count();
  await until('the relay', async () => (await count()) === 0);
  return 0;
}

test.each<ChildName>(['nats', 'temporal'])(
  '%s is killed with kill -9 in the middle of it',
  async (server) => {
    const organisationId = unique('org');
    const created = create(12, organisationId);
    await untilMailed(organisationId, 3);
    await stack.platform.kill(server, 'SIGKILL');
    await stack.platform.start(server);
    await settled(await created);
  },
  WITHIN_MS,
);

test(
  'the workers are killed with kill -9 while they hold events that Temporal, being stopped, does not take',
  async () => {
    await stack.platform.stop('temporal');
    const created = await create(5, unique('org'));
    await bridgeHolds(await stack.nats(), 5);
    await stack.platform.kill('workers', 'SIGKILL');
    await stack.platform.start('temporal');
    await stack.platform.start('workers');
    await settled(created);
  },
  WITHIN_MS,
);

test.each<ChildName>(['services', 'postgres'])(
  '%s is killed with kill -9 between a call and what follows',
  async (server) => {
    await stack.platform.stop('nats');
    const created = await create(5, unique('org'));
    await stack.platform.kill(server, 'SIGKILL');
    await stack.platform.start('nats');
    await stack.platform.start(server);
    await settled(created);
  },
  WITHIN_MS,
);

// without mails: one that is being sent meanwhile has an unknown fate and is held
test.each<ChildName>(['services', 'postgres'])(
  '%s is killed with kill -9 in the middle of what follows',
  async (server) => {
    await stack.platform.stop('workers');
    const created = await create(20, unique('org'), false);
    await stack.platform.start('workers');
    const eventIds = eventIdsOf(created.clients);
    await until('the first effects', async () => (await effectsOf(eventIds)) >= 10);
    await stack.platform.kill(server, 'SIGKILL');
    await stack.platform.start(server);
    await settled(created);
  },
  WITHIN_MS,
);

/** The number of handlers whose effect took place. */
async function effectsOf(eventIds: string[]): Promise<number> {
  const query = 'SELECT 1 FROM events.processed_events WHERE event_id = ANY($1::uuid[])';
  return (await stack.sql(query, eventIds)).length;
}

test(
  'the workers are killed with kill -9 while 40 events flow: 40 workflows, 40 mails, 40 counted',
  async () => {
    const organisationId = unique('org');
    const created = create(40, organisationId);
    await untilMailed(organisationId, 10);
    await stack.platform.kill('workers', 'SIGKILL');
    await stack.platform.start('workers');
    await settled(await created);
    expect(await clientsIn(organisationId)).toBe(40n);
  },
  WITHIN_MS,
);

test(
  'services and workers are killed with kill -9 while a reminder is held back: it waits on, and goes out once when lifted',
  async () => {
    const on = ground(stack);
    const { attentes, relances } = on.services;
    const { organisationId, clientId, client } = await on.prepareClient();
    const level = { niveau: 1, delai: 'PT1S', modele: 'rappel', espacement: 'PT0S' };
    const always = { ouverture: '00:00', fermeture: '00:00', tousLesJours: true };
    await stack.client('relance', RegleRelanceServiceService).create({ organisationId, ...level, ...always });
    const { id } = await attentes.create({ organisationId, clientId, motif: 'réponse reçue' });
    const { id: invoiceId } = await on.issueInvoice({ organisationId, clientId });
    const isHeld = async () => {
      const { statut, attente, prochaineAt } = await relances.get({ id: invoiceId });
      return statut === 'EN_ATTENTE' && attente !== '' && prochaineAt!.getTime() > Date.now() + 50 * 60_000;
    };
    await until('held back', isHeld, SETTLED_WITHIN_MS);

    const killed: ChildName[] = ['services', 'workers'];
    await Promise.all(killed.map((name) => stack.platform.kill(name, 'SIGKILL')));
    for (const name of killed) await stack.platform.start(name);
    await until('held back as before', isHeld, SETTLED_WITHIN_MS);
    const reminders = async () => {
      const { emails } = await on.services.emails.getEmails({ clientId });
      return emails.filter(({ modele }) => modele === 'rappel');
    };
    expect(await reminders()).toEqual([]);

    await attentes.lever({ id, motif: 'répondu par téléphone' });
    await on.completed(`relance/${invoiceId}`);
    expect(await relances.get({ id: invoiceId })).toMatchObject({ statut: 'ACHEVEE', attente: '' });
    const sent = await reminders();
    expect(sent).toMatchObject([{ statut: 'ENVOYE' }]);
    const inbox = (await stack.mailsTo(client.email)).map(({ headers }) => headers['message-id']);
    expect(inbox.filter((messageId) => messageId === `<${sent[0]!.messageId}>`)).toHaveLength(1);
  },
  WITHIN_MS,
);

test(
  'services and workers are killed with kill -9 between the breaking of a promise and its task: one task, one reminder',
  async () => {
    const on = ground(stack);
    const { attentes, emails, factures, relances } = on.services;
    const { organisationId, clientId, client } = await on.prepareClient();
    const level = {
      niveau: 1,
      delai: 'P1D',
      base: BaseRelance.DATE_ECHEANCE,
      modele: 'rappel',
      espacement: 'PT0S',
    };
    const always = { ouverture: '00:00', fermeture: '00:00', tousLesJours: true };
    await stack.client('relance', RegleRelanceServiceService).create({ organisationId, ...level, ...always });
    const today = todayInParis();
    const invoice = { dateFacture: addDays(today, -40), dateEcheance: addDays(today, 60), montant: 12_000n };
    const { id: invoiceId } = await factures.create({ organisationId, clientId, ...invoice });
    const promise = { genre: GenreAttente.PROMESSE, jusquAu: today, motif: 'promis par téléphone' };
    const { id } = await attentes.create({ ...promise, invoiceIds: [invoiceId] });
    await until('the plan', () => relances.get({ id: invoiceId }), SETTLED_WITHIN_MS);
    await factures.update({ id: invoiceId, dateEcheance: addDays(today, -2) });
    await until('held back', async () => (await relances.get({ id: invoiceId })).attente !== '');

    // tasks cannot be written: whoever judges stops between the two
    await stack.sql(`CREATE FUNCTION activites.stick() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN PERFORM pg_sleep(600); RETURN NEW; END $$`);
    await stack.sql(`CREATE TRIGGER stick BEFORE INSERT ON activites.taches FOR EACH ROW
      EXECUTE FUNCTION activites.stick()`);
    await letDaysPass(stack, id, 10);
    const schedule = (await stack.temporal()).schedule.getHandle('judge-holds');
    await schedule.trigger();
    const resultat = async () =>
      (await stack.sql<{ resultat: string }>('SELECT resultat FROM relance.attentes WHERE id = $1', id))[0]!
        .resultat;
    await until('broken', async () => (await resultat()) === 'ATTENTE_ROMPUE', SETTLED_WITHIN_MS);
    const sticking = `FROM pg_stat_activity WHERE query ILIKE '%taches%' AND wait_event = 'PgSleep'`;
    await until('its task to stick', async () => (await stack.sql(`SELECT 1 ${sticking}`)).length > 0);
    const killed: ChildName[] = ['services', 'workers'];
    await Promise.all(killed.map((name) => stack.platform.kill(name, 'SIGKILL')));
    await stack.sql(`SELECT pg_terminate_backend(pid) ${sticking}`);
    await stack.sql('DROP FUNCTION activites.stick() CASCADE');
    const taches = stack.client('activites', TacheServiceService);
    for (const name of killed) await stack.platform.start(name);
    const made = async () =>
      (await taches.listByClient({ clientId })).taches.filter(({ origine }) => origine);
    expect(await made()).toEqual([]);

    // the interrupted run is repeated, and so is what the Schedule does every hour
    await until('the Schedule', () => schedule.trigger().then(() => true), SETTLED_WITHIN_MS);
    await until('the task', async () => (await made()).length > 0, SETTLED_WITHIN_MS);
    await on.completed(`relance/${invoiceId}`);
    await until('its end', async () => {
      const [row] = await stack.sql<{ suite_due: boolean }>(
        'SELECT suite_due FROM relance.attentes WHERE id = $1',
        id,
      );
      return row!.suite_due === false;
    });
    await schedule.trigger();
    await attentes.juger({});
    expect(await made()).toMatchObject([
      { titre: 'Promesse non tenue: Zoé Martin', origine: `attente/${id}/rompue` },
    ]);
    expect(
      (await emails.getEmails({ clientId })).emails.filter(({ modele }) => modele === 'rappel'),
    ).toHaveLength(1);
    const mails = (await stack.mailsTo(client.email)).filter(({ subject }) => /rappel/.test(subject));
    expect(mails).toHaveLength(1);
  },
  2 * WITHIN_MS,
);

async function untilMailed(organisationId: string, count: number): Promise<void> {
  const query = `SELECT 1 FROM email.emails WHERE organisation_id = $1 AND statut = 'ENVOYE'`;
  const mailed = async () => (await stack.sql(query, organisationId)).length;
  await until(`${count} mails`, async () => (await mailed()) >= count, SETTLED_WITHIN_MS);
}
