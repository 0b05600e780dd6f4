import { randomUUID } from 'node:crypto';
import { publish } from '@crm/nats';
import { RegleRelanceServiceService } from '@crm/proto/relance/relance';
import { subjectOf, type EventType } from '@crm/workflows/events';
import fc from 'fast-check';
import { ground } from '../support/ground.ts';
import { refusalOf } from '../support/refusal.ts';
import { sharedStack } from '../support/stack.ts';
import { uniqueAddress } from '../support/unique.ts';
import { until } from '../support/until.ts';

/** The same as test/properties on the real platform: fewer, and in its own time. */
const SEQUENCES = Number(process.env.STACK_SEQUENCES || 6);
const SEED = Number(process.env.SEED || 2026);
const MONTANT = 120_000n;

type Step =
  | { op: 'paid'; percent: number }
  | { op: 'credited' | 'cancel' | 'pause' | 'resume' }
  | { op: 'again'; event: 'invoice.created' | 'payment.received' };

const orders = fc.array(
  fc.oneof(
    {
      weight: 3,
      arbitrary: fc.record({ op: fc.constant('paid' as const), percent: fc.constantFrom(30, 70, 100) }),
    },
    {
      weight: 3,
      arbitrary: fc.record({
        op: fc.constant('again' as const),
        event: fc.constantFrom('invoice.created' as const, 'payment.received' as const),
      }),
    },
    {
      weight: 4,
      arbitrary: fc.record({ op: fc.constantFrom('pause' as const, 'resume' as const) }),
    },
    {
      weight: 1,
      arbitrary: fc.record({ op: fc.constantFrom('credited' as const, 'cancel' as const) }),
    },
  ),
  { minLength: 1, maxLength: 6 },
);

const stack = sharedStack();
const { services, ...platform } = ground(stack);
const regles = stack.client('relance', RegleRelanceServiceService);

afterAll(() => stack.close());

const ALWAYS = { ouverture: '00:00', fermeture: '00:00', tousLesJours: true, espacement: 'PT0S' };

/** An invoice with planned reminders, which become due only after everything else was done. */
async function remindedInvoice() {
  const email = uniqueAddress();
  const whose = await platform.prepareClient({ email });
  const { organisationId, clientId } = whose;
  const far = { organisationId, delai: 'P15D', ...ALWAYS };
  await regles.create({ ...far, niveau: 1, modele: 'rappel' });
  await regles.create({ ...far, niveau: 2, delai: 'P16D', modele: 'relance' });
  const invoice = await services.factures.create({ organisationId, clientId, montant: MONTANT });
  await until('the plan', () => services.relances.get({ id: invoice.id }));
  return { organisationId, clientId, invoice, email };
}

/** Delivers the event of an invoice or a payment again. */
async function again(event: EventType, about: string): Promise<void> {
  const [row] = await stack.sql<{ payload: Buffer }>(
    `SELECT payload FROM events.outbox WHERE event_type = $1 AND position(convert_to($2, 'UTF8') in payload) > 0`,
    event,
    about,
  );
  await publish(await stack.nats(), subjectOf(event), `again-${randomUUID()}`, row!.payload);
}

/** Plays an order, then makes the reminders due, and compares mails and state with what they must be. */
async function play(steps: Step[]): Promise<void> {
  const { organisationId, clientId, invoice } = await remindedInvoice();
  const { id } = invoice;
  const { relances, payments, factures } = services;
  const statutOf = async () => String((await relances.get({ id })).statut);
  let left = MONTANT;
  let expected = 'EN_ATTENTE';
  let lastPayment = '';
  const isOpen = () => expected === 'EN_ATTENTE' || expected === 'EN_PAUSE';
  for (const step of steps) {
    if (step.op === 'paid') {
      const montant = (MONTANT * BigInt(step.percent)) / 100n;
      const payment = await payments.create({ organisationId, clientId, invoiceId: id, montant });
      await payments.confirm({ id: payment.id });
      lastPayment = payment.id;
      left = left > montant ? left - montant : 0n;
      if (left === 0n && isOpen()) expected = 'SOLDEE';
      await until(`${expected} after a payment`, async () => (await statutOf()) === expected);
    } else if (step.op === 'credited') {
      if (left < MONTANT) continue; // only the rest of a partly paid invoice could be credited
      await factures.createCreditNote({ invoiceId: id, motif: 'geste commercial' });
      left = 0n;
    } else if (step.op === 'again') {
      const about = step.event === 'invoice.created' ? id : lastPayment;
      if (about) await again(step.event, about);
    } else {
      const can = isOpen() && (step.op !== 'resume' || expected === 'EN_PAUSE');
      const said = relances[step.op]({ id, motif: 'un ordre parmi d’autres' });
      if (can) {
        await said;
        expected = { cancel: 'ANNULEE', pause: 'EN_PAUSE', resume: 'EN_ATTENTE' }[step.op];
      } else expect((await refusalOf(said)).code).toBe('FAILED_PRECONDITION');
    }
  }
  if (expected === 'EN_PAUSE') {
    await relances.resume({ id });
    expected = 'EN_ATTENTE';
  }
  if (expected === 'EN_ATTENTE') {
    await relances.sendNow({ id });
    if (left > 0n) {
      await until('the first mail', async () => (await relances.get({ id })).prochainNiveau === 2);
      await relances.sendNow({ id });
    }
    expected = left > 0n ? 'ACHEVEE' : 'SOLDEE';
  }
  await until(`${expected} in the end`, async () => (await statutOf()) === expected);
  await platform.completed(`relance/${id}`);
  const mails = await stack.sql<{ modele: string; texte: string }>(
    `SELECT modele, texte FROM email.emails WHERE client_id = $1 AND modele IN ('rappel', 'relance') ORDER BY id`,
    clientId,
  );
  expect(mails.map(({ modele }) => modele)).toEqual(expected === 'ACHEVEE' ? ['rappel', 'relance'] : []);
  const remaining = (Number(left) / 100).toLocaleString('fr-FR', { minimumFractionDigits: 2 });
  for (const { texte } of mails) expect(texte.replace(/\s/g, ' ')).toContain(remaining.replace(/\s/g, ' '));
}

test.each(
  fc
    .sample(orders, { seed: SEED, numRuns: SEQUENCES })
    .map((steps) => ({ steps, told: JSON.stringify(steps) })),
)(`one outcome on the real platform (seed ${SEED}): $told`, ({ steps }) => play(steps), 120_000);
