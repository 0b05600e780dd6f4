import { eventIdOf } from '@crm/kit';
import type { Invoice } from '@crm/proto/factures/factures';
import { HistoriqueRelanceServiceService } from '@crm/proto/relance/relance';
import type { ChildName } from '@crm/tools/parts';
import { ground, type Ground } from '../support/ground.ts';
import { holderIn } from '../support/holder.ts';
import { startOwnStack, type OwnStack } from '../support/stack.ts';
import { until } from '../support/until.ts';
import { waitingReminders, type Waiting } from '../support/waiting-reminders.ts';

/** An attempt of a killed worker ends after thirty seconds, and the next one follows. */
const WITHIN_MS = 150_000;
const RANDOM_ROUNDS = 3;

let stack: OwnStack;
let on: Ground;

beforeAll(async () => {
  stack = await startOwnStack();
  on = ground(stack);
}, 120_000);
afterAll(() => stack?.stop(), 60_000);

type Story = { client: Waiting; invoices: Invoice[] };

/** Three invoices of a client whose reminders become due at the same moment. */
async function threeDue(): Promise<Story> {
  const { waitingClient, overdue } = waitingReminders(stack);
  const client = await waitingClient({ relancesGroupees: true });
  const invoices = [await overdue(client, 2), await overdue(client, 7), await overdue(client, 3)];
  // their own mails are out: what is held up below is the reminder
  for (const { id } of invoices) await on.completed(eventIdOf('invoice.created', [id]));
  return { client, invoices };
}

async function kill(...names: ChildName[]) {
  await Promise.all(names.map((name) => stack.platform.kill(name, 'SIGKILL')));
}
async function start(...names: ChildName[]) {
  for (const name of names) await stack.platform.start(name);
}

/** Releases the reminders, and kills services and workers when they are about to insert such a row. */
async function killedAt(table: string, row: string, { client }: Story) {
  const held = await holderIn(stack);
  await held.hold('SELECT pg_advisory_xact_lock(1)');
  await stack.sql(`CREATE OR REPLACE FUNCTION waits() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN PERFORM pg_advisory_xact_lock(1); RETURN NEW; END $$`);
  await stack.sql(
    `CREATE TRIGGER waits BEFORE INSERT ON ${table} FOR EACH ROW WHEN (${row}) EXECUTE FUNCTION waits()`,
  );
  await client.release();
  await held.blocks();
  await kill('workers', 'services');
  await held.letGo();
  await stack.sql(`DROP TRIGGER waits ON ${table}`);
}
const A_REMINDER = `NEW.envoi LIKE 'relance%'`;

/** The one reminder that was sent: what is recorded, and how often it is in the inbox. */
async function oneMail({ client }: Story) {
  const mails = await stack.sql<{ envoi: string; messageId: string; statut: string; texte: string }>(
    `SELECT envoi, message_id AS "messageId", statut, texte FROM email.emails
     WHERE client_id = $1 AND envoi LIKE 'relance%'`,
    client.clientId,
  );
  expect(mails).toMatchObject([{ statut: 'ENVOYE' }]);
  const [mail] = mails as [(typeof mails)[0]];
  const received = (await stack.mailsTo(client.email)).map(({ headers }) => headers['message-id']);
  expect(received.filter((id) => id === `<${mail.messageId}>`)).toHaveLength(1);
  return mail;
}

/** Waits until a level is recorded for each of these invoices, and checks that it is, once, with the one mail. */
async function recordedOnce(story: Story, invoices = story.invoices) {
  const historique = stack.client('relance', HistoriqueRelanceServiceService);
  const sends = async ({ id }: Invoice) =>
    (await historique.list({ invoiceId: id })).historique.filter(({ action }) => action === 'ENVOI');
  await until(
    'the records',
    async () => (await Promise.all(invoices.map(sends))).every((sent) => sent.length > 0),
    WITHIN_MS,
  );
  const mail = await oneMail(story);
  expect(mail.envoi).toMatch(/^relance-groupee\//);
  for (const invoice of story.invoices) {
    const sent = await sends(invoice);
    expect(sent.map(({ messageId }) => messageId)).toEqual(
      invoices.includes(invoice) ? [mail.messageId] : [],
    );
    expect(mail.texte.includes(invoice.numero)).toBe(invoices.includes(invoice));
  }
}

async function pay({ organisationId, clientId, id: invoiceId, restantDu }: Invoice) {
  const { payments } = on.services;
  const { id } = await payments.create({ organisationId, clientId, invoiceId, montant: restantDu });
  await payments.confirm({ id });
}

test(
  'killed when it is reserved and no mail is recorded',
  async () => {
    const story = await threeDue();
    await killedAt('email.emails', A_REMINDER, story);
    await start('services', 'workers');
    await recordedOnce(story);
  },
  2 * WITHIN_MS,
);

test(
  'killed then, and the invoice that was to send it is paid: another one sends it, about the others',
  async () => {
    const story = await threeDue();
    await killedAt('email.emails', A_REMINDER, story);
    await start('services');
    const [group] = await stack.sql<{ invoiceId: string }>(
      `SELECT r.invoice_id AS "invoiceId" FROM relance.envois_groupes g JOIN relance.relances r ON r.id = g.porteur_id
       WHERE g.client_id = $1`,
      story.client.clientId,
    );
    const carrier = story.invoices.find(({ id }) => id === group!.invoiceId)!;
    await pay(carrier);
    await start('workers');
    await recordedOnce(
      story,
      story.invoices.filter((invoice) => invoice !== carrier),
    );
    await on.completed(`relance/${carrier.id}`);
  },
  2 * WITHIN_MS,
);

test(
  'killed when the mail is recorded and the mail server is away: it is about those that are not paid meanwhile',
  async () => {
    const story = await threeDue();
    await stack.platform.stop('mail');
    await story.client.release();
    await until('the mail', async () => {
      const sql = `SELECT 1 FROM email.emails WHERE client_id = $1 AND envoi LIKE 'relance%' AND erreur <> ''`;
      return (await stack.sql(sql, story.client.clientId)).length > 0;
    });
    await kill('workers', 'services');
    await start('services');
    const [first, paid, last] = story.invoices as [Invoice, Invoice, Invoice];
    await pay(paid);
    await start('mail', 'workers');
    await recordedOnce(story, [first, last]);
  },
  2 * WITHIN_MS,
);

test(
  'killed when the mail server has it and nothing is recorded yet: what happens meanwhile stays as it is',
  async () => {
    const story = await threeDue();
    const [paid, paused] = story.invoices as [Invoice, Invoice];
    await killedAt('relance.historique', `NEW.action = 'ENVOI'`, story);
    await start('services');
    await pay(paid);
    await start('workers');
    // the workers have just come back, and may not answer in time yet
    await until('the pause', () => on.services.relances.pause({ id: paused.id, motif: 'promesse' }));
    await recordedOnce(story);
    expect(await on.services.relances.get({ id: paused.id })).toMatchObject({ statut: 'EN_PAUSE' });
    await on.completed(`relance/${paid.id}`);
  },
  2 * WITHIN_MS,
);

test(
  'killed at any time',
  async () => {
    for (let round = 0; round < RANDOM_ROUNDS; round += 1) {
      const story = await threeDue();
      await story.client.release();
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 500));
      await kill('workers');
      await start('workers');
      await recordedOnce(story);
    }
  },
  RANDOM_ROUNDS * WITHIN_MS,
);
