import { randomUUID } from 'node:crypto';
import { addDays, todayInParis } from '@crm/domain';
import { publish } from '@crm/nats';
import { TacheServiceService } from '@crm/proto/activites/activites';
import { CalendarEngineServiceService, Calendrier } from '@crm/proto/calendar/calendar';
import { GenreAttente } from '@crm/proto/relance/attentes';
import { BaseRelance, RegleRelanceServiceService } from '@crm/proto/relance/relance';
import { subjectOf, type EventType } from '@crm/workflows/events';
import fc from 'fast-check';
import { ground } from '../support/ground.ts';
import { letDaysPass } from '../support/let-days-pass.ts';
import { refusalOf } from '../support/refusal.ts';
import { sharedStack } from '../support/stack.ts';
import { uniqueAddress } from '../support/unique.ts';
import { until } from '../support/until.ts';

/** The same as test/properties on the real platform: fewer, and in its own time. */
const SEQUENCES = Number(process.env.STACK_SEQUENCES || 4);
const SEED = Number(process.env.SEED || 2026);
const MONTANT = 120_000n;
const OF_THE_OTHER = 77_700n;

type Step =
  | { op: 'paid'; percent: number }
  /** The last payment is returned. */
  | { op: 'returned' }
  | { op: 'credited' | 'cancel' | 'pause' | 'resume' | 'sendNow' }
  /** A debit of all that is left is planned. */
  | { op: 'debit' }
  /** The bank's last word about it. */
  | { op: 'word'; isCollected: boolean }
  /** Levels that are to come move with it. */
  | { op: 'dueDate'; days: number }
  /** Reminders are held back: by a dispute, or by a promise to pay half of what is left. */
  | { op: 'hold'; genre: 'LITIGE' | 'PROMESSE' }
  | { op: 'lift' }
  /** Weeks pass for the promise, and it is judged. */
  | { op: 'judge' }
  | { op: 'again'; event: 'invoice.created' | 'payment.received' };

type Order = { inTheEnd: 'asked' | 'overdue' | 'merged'; steps: Step[] };

const just = (weight: number, ...steps: Step[]) => ({ weight, arbitrary: fc.constantFrom(...steps) });

/**
 * In the end a person asks for each level; or both are due at once; or they are due together with another invoice's, in
 * an organisation with one mail for several.
 */
const orders: fc.Arbitrary<Order> = fc.record({
  inTheEnd: fc.constantFrom('asked' as const, 'overdue' as const, 'merged' as const),
  steps: fc.array(
    fc.oneof(
      just(4, ...[30, 70, 100].map((percent) => ({ op: 'paid' as const, percent }))),
      just(1, { op: 'returned' }),
      just(2, { op: 'again', event: 'invoice.created' }, { op: 'again', event: 'payment.received' }),
      just(3, { op: 'pause' }, { op: 'resume' }),
      just(2, { op: 'sendNow' }),
      just(1, { op: 'credited' }, { op: 'cancel' }),
      just(3, { op: 'debit' }),
      just(2, { op: 'word', isCollected: true }, { op: 'word', isCollected: false }),
      just(2, ...[5, 20, 45].map((days) => ({ op: 'dueDate' as const, days }))),
      just(4, { op: 'hold', genre: 'LITIGE' }, { op: 'hold', genre: 'PROMESSE' }),
      just(2, { op: 'lift' }, { op: 'judge' }),
    ),
    { minLength: 2, maxLength: 12 },
  ),
});

const stack = sharedStack();
const { services, ...platform } = ground(stack);
const { attentes, factures, mandats, organisations, payments, relances } = services;
const regles = stack.client('relance', RegleRelanceServiceService);
const taches = stack.client('activites', TacheServiceService);
const calendar = stack.client('calendar', CalendarEngineServiceService);

afterAll(() => stack.close());

const ALWAYS = { ouverture: '00:00', fermeture: '00:00', tousLesJours: true, espacement: 'PT0S' };
const AFTER_DUE = [15, 16];
const MODELES = ['rappel', 'relance'];

/** A client with a mandate, and an invoice with planned reminders, which become due only in the end. */
async function remindedInvoice({ inTheEnd }: Order) {
  const whose = await platform.prepareClient({ email: uniqueAddress() });
  const { organisationId, clientId } = whose;
  const organisation = await organisations.get({ id: organisationId });
  await organisations.update({ id: organisation.id, relancesGroupees: inTheEnd === 'merged' });
  for (const [index, days] of AFTER_DUE.entries()) {
    const level = { niveau: index + 1, modele: MODELES[index]!, delai: `P${days}D` };
    await regles.create({ organisationId, base: BaseRelance.DATE_ECHEANCE, ...level, ...ALWAYS });
  }
  const account = { iban: 'FR1420041010050500013M02606', titulaire: 'Zoé', dateSignature: '2026-01-15' };
  const mandat = await mandats.create({ organisationId, clientId, ...account });
  const dates = { dateFacture: addDays(todayInParis(), -40), dateEcheance: addDays(todayInParis(), 10) };
  const issue = async (montant: bigint) => {
    const { id, numero } = await factures.create({ organisationId, clientId, montant, ...dates });
    await until('the plan', () => relances.get({ id }));
    return { id, numero };
  };
  const first = await issue(MONTANT);
  const other = inTheEnd === 'merged' ? await issue(OF_THE_OTHER) : undefined;
  return { organisationId, clientId, ...first, other, mandatId: mandat.id };
}

const inEuros = (cents: bigint) =>
  (Number(cents) / 100).toLocaleString('fr-FR', { minimumFractionDigits: 2 });
const spaced = (text: string) => text.replace(/\s/g, ' ');

/** Delivers the event of an invoice or a payment again. */
async function again(event: EventType, about: string): Promise<void> {
  const [row] = await stack.sql<{ payload: Buffer }>(
    `SELECT payload FROM events.outbox WHERE event_type = $1 AND position(convert_to($2, 'UTF8') in payload) > 0`,
    event,
    about,
  );
  await publish(await stack.nats(), subjectOf(event), `again-${randomUUID()}`, row!.payload);
}

type Hold = { id: string; promise?: { montant: bigint; receivedBefore: bigint } };

/** Plays an order, then makes the reminders due, and compares mails and state with what they must be. */
async function play(order: Order): Promise<void> {
  const { inTheEnd, steps } = order;
  const { organisationId, clientId, id, numero, other, mandatId } = await remindedInvoice(order);
  const whose = { organisationId, clientId };
  const of = { ...whose, invoiceId: id };
  let expected = 'EN_ATTENTE';
  const received: { id: string; montant: bigint }[] = [];
  let isCredited = false;
  let debit: { id: string; montant: bigint } | undefined;
  let hold: Hold | undefined;
  let broken = 0;
  /** The levels that are done with. */
  let done = 0;
  const sent: { modele: string; of: Map<string, bigint> }[] = [];

  const isOpen = () => expected === 'EN_ATTENTE' || expected === 'EN_PAUSE';
  const receivedInAll = () => received.reduce((sum, { montant }) => sum + montant, 0n);
  const left = () => {
    const rest = MONTANT - receivedInAll();
    return isCredited || rest < 0n ? 0n : rest;
  };
  const covered = () => (debit && debit.montant < left() ? debit.montant : debit ? left() : 0n);
  const isHeld = () => hold !== undefined || covered() === left();
  const reach = (when: string) =>
    until(`${expected} ${when}`, async () => String((await relances.get({ id })).statut) === expected);
  const mails = () =>
    stack.sql<{ modele: string; texte: string; messageId: string }>(
      `SELECT modele, sujet || E'\\n' || texte AS texte, message_id AS "messageId" FROM email.emails
       WHERE client_id = $1 AND modele IN ('rappel', 'relance', 'relance-groupee') ORDER BY id`,
      clientId,
    );
  const assertSent = async () =>
    expect((await mails()).map(({ modele }) => modele)).toEqual(sent.map(({ modele }) => modele));
  /** The workflow has looked at a level that is due, and left it. */
  const heldBack = (one: string) =>
    until('the level to be held back', async () => {
      const { attente, prochaineAt } = await relances.get({ id: one });
      return attente !== '' && prochaineAt!.getTime() > Date.now();
    });
  const ended = (one: Hold) =>
    until('the end of the hold', async () => {
      const { resultat } = await attentes.get({ id: one.id });
      return String(resultat) !== 'RESULTAT_ATTENTE_UNSPECIFIED' && String(resultat);
    });

  /** Money has come. */
  const settle = async () => {
    if (left() > 0n || expected === 'ANNULEE') return;
    expected = 'SOLDEE';
    await reach('after a payment');
    if (!hold?.promise) return;
    expect(await ended(hold)).toBe('ATTENTE_TENUE');
    hold = undefined;
  };
  /** The level goes out, alone or with the other invoice, and what is owed is what it says. */
  const send = async (niveau: number, along: [string, bigint][] = []) => {
    const modele = along.length > 0 ? 'relance-groupee' : MODELES[niveau - 1]!;
    sent.push({ modele, of: new Map([[numero, left() - covered()], ...along]) });
    done = niveau;
    if (done === MODELES.length) expected = 'ACHEVEE';
    await until(`level ${niveau}`, async () => (await mails()).length >= sent.length);
    await until('its record', async () => {
      const { prochainNiveau, statut } = await relances.get({ id });
      return String(statut) === expected && (expected === 'ACHEVEE' || prochainNiveau === done + 1);
    });
  };
  const lift = async () => {
    await attentes.lever({ id: hold!.id, motif: 'un ordre parmi d’autres' });
    hold = undefined;
  };
  const judge = async ({ id: holdId, promise }: Hold & { promise: NonNullable<Hold['promise']> }) => {
    await letDaysPass(stack, holdId, 20);
    let pageToken = '';
    do ({ nextPageToken: pageToken } = await attentes.juger({ pageToken }));
    while (pageToken);
    const isKept = left() === 0n || receivedInAll() - promise.receivedBefore >= promise.montant;
    expect(await ended({ id: holdId })).toBe(isKept ? 'ATTENTE_TENUE' : 'ATTENTE_ROMPUE');
    broken += Number(!isKept);
    hold = undefined;
  };
  const hear = async (isCollected: boolean) => {
    const { id: paymentId, montant } = debit!;
    debit = undefined;
    if (isCollected) {
      await payments.confirm({ id: paymentId });
      received.push({ id: paymentId, montant });
      return await settle();
    }
    await payments.reject({ id: paymentId, motifRejet: 'MD01' });
    await uncovered();
  };
  /** Retry has said that nothing is presented again. */
  const uncovered = () =>
    until('no debit', async () => {
      const { couvertures } = await payments.getCouvertures({ invoiceIds: [id] });
      return (couvertures[0]?.montant ?? 0n) === covered();
    });

  for (const step of steps) {
    switch (step.op) {
      case 'paid': {
        const montant = (MONTANT * BigInt(step.percent)) / 100n;
        const payment = await payments.create({ ...of, montant, accepteDepassement: true });
        await payments.confirm({ id: payment.id });
        received.push({ id: payment.id, montant });
        await settle();
        break;
      }
      case 'returned': {
        const payment = received.pop();
        if (!payment) break;
        await payments.reject({ id: payment.id, motifRejet: 'MD06', retourBancaire: true });
        await uncovered();
        // what was settled is due again; if nothing was left to send, the last level is
        if (expected !== 'SOLDEE' || left() === 0n) break;
        expected = 'EN_ATTENTE';
        done = Math.min(done, MODELES.length - 1);
        await reach('after a return');
        break;
      }
      case 'credited':
        // only the rest of a partly paid invoice could be credited
        if (isCredited || received.length > 0 || debit || !isOpen()) break;
        await factures.createCreditNote({ invoiceId: id, motif: 'geste commercial' });
        isCredited = true;
        break;
      case 'debit': {
        if (debit || left() === 0n) break;
        const asked = { delaiJours: 30, calendriers: [Calendrier.FRANCE, Calendrier.T2] };
        const { datePrevue } = await calendar.calculatePlannedDate(asked);
        debit = await payments.create({ ...of, mandatId, datePrevue, montant: left() });
        break;
      }
      case 'word':
        if (debit && left() > 0n) await hear(step.isCollected);
        break;
      case 'dueDate': {
        if (!isOpen() || left() === 0n) break;
        const dateEcheance = addDays(todayInParis(), step.days);
        await factures.update({ id, dateEcheance });
        const { niveaux } = await relances.get({ id });
        for (const { niveau, dueAt } of niveaux.slice(done))
          expect(dueAt!.toLocaleDateString('sv-SE', { timeZone: 'Europe/Paris' })).toBe(
            addDays(dateEcheance, AFTER_DUE[niveau - 1]!),
          );
        break;
      }
      case 'hold': {
        if (hold || !isOpen() || left() === 0n) break;
        const montant = left() / 2n;
        const jusquAu = addDays(todayInParis(), 3);
        const created = await attentes.create({
          ...{ invoiceIds: [id], genre: GenreAttente[step.genre], motif: 'un ordre parmi d’autres' },
          ...(step.genre === 'PROMESSE' && { jusquAu, montant }),
        });
        const promise = { montant, receivedBefore: receivedInAll() };
        hold = { id: created.id, ...(step.genre === 'PROMESSE' && { promise }) };
        break;
      }
      case 'lift':
        if (hold) await lift();
        break;
      case 'judge':
        if (hold?.promise) await judge({ ...hold, promise: hold.promise });
        break;
      case 'again': {
        const about = step.event === 'invoice.created' ? id : received.at(-1)?.id;
        if (about) await again(step.event, about);
        break;
      }
      case 'sendNow':
        // it would only say that the invoice is settled
        if (isOpen() && left() === 0n) break;
        if (expected === 'EN_ATTENTE' && !isHeld()) {
          await relances.sendNow({ id });
          await send(done + 1);
          break;
        }
        expect((await refusalOf(relances.sendNow({ id }))).code).toBe('FAILED_PRECONDITION');
        break;
      default: {
        const can = isOpen() && (step.op !== 'resume' || expected === 'EN_PAUSE');
        const said = relances[step.op]({ id, motif: 'un ordre parmi d’autres' });
        if (can) {
          await said;
          expected = { cancel: 'ANNULEE', pause: 'EN_PAUSE', resume: 'EN_ATTENTE' }[step.op];
        } else expect((await refusalOf(said)).code).toBe('FAILED_PRECONDITION');
      }
    }
    // whoever is woken by a step sees that a credit note has settled the invoice
    if (isCredited && ['lift', 'judge', 'again'].includes(step.op)) {
      await until('the credit note', async () => {
        const { statut } = await relances.get({ id });
        return [expected, 'SOLDEE'].includes(String(statut));
      });
      expected = String((await relances.get({ id })).statut);
    }
  }

  if (expected === 'EN_PAUSE') {
    await relances.resume({ id });
    expected = 'EN_ATTENTE';
  }
  const isDue = inTheEnd !== 'asked' && isOpen() && left() > 0n;
  const due = [...(isDue ? [id] : []), ...(other ? [other.id] : [])];
  if (due.length > 0) {
    // due at the same moment: when this is lifted
    const whole = await attentes.create({ ...whose, motif: 'comptes à vérifier' });
    for (const one of due) {
      await factures.update({ id: one, dateEcheance: addDays(todayInParis(), -20) });
      await heldBack(one);
    }
    await assertSent();
    await attentes.lever({ id: whole.id, motif: 'vérifiés' });
    const along: [string, bigint][] = other ? [[other.numero, OF_THE_OTHER]] : [];
    if (other && (!isDue || isHeld())) {
      sent.push({ modele: MODELES.at(-1)!, of: new Map(along.splice(0)) });
      await until('the mail of the other', async () => (await mails()).length >= sent.length);
      await platform.completed(`relance/${other.id}`);
    }
    if (isDue && isHeld()) await heldBack(id);
    await assertSent();
    if (isDue && hold?.promise) await judge({ ...hold, promise: hold.promise });
    if (isDue && hold) await lift();
    if (isDue && debit && covered() === left()) await hear(false);
    if (isDue) await send(MODELES.length, along);
    if (other) await platform.completed(`relance/${other.id}`);
  }
  if (isOpen()) {
    if (hold) await lift();
    if (debit && left() > 0n && covered() === left()) await hear(false);
    if (left() === 0n) {
      expected = 'SOLDEE';
      // whoever was woken by the end of a hold may have seen it before
      await relances.sendNow({ id }).catch(() => reach('by the credit note'));
    } else
      while (done < MODELES.length) {
        await relances.sendNow({ id });
        await send(done + 1);
      }
  }
  await reach('in the end');
  await platform.completed(`relance/${id}`);

  await assertSent();
  for (const [index, { texte }] of (await mails()).entries()) {
    const { of: about } = sent[index]!;
    for (const one of [numero, ...(other ? [other.numero] : [])])
      expect([one, texte.includes(one)]).toEqual([one, about.has(one)]);
    for (const restant of about.values()) expect(spaced(texte)).toContain(spaced(inEuros(restant)));
  }
  // what has not gone says why
  const { niveaux, motifFin } = await relances.get({ id });
  expect(motifFin).not.toBe('');
  if (other) {
    const [passedOver, last] = (await relances.get({ id: other.id })).niveaux;
    expect(passedOver!.motifSaut).toBe('dépassé par le niveau 2, dû lui aussi');
    const about = sent.findIndex(({ of: those }) => those.has(other.numero));
    expect(last!.messageId).toBe((await mails())[about]!.messageId);
  }
  if (expected === 'ACHEVEE')
    for (const level of niveaux) expect(level.envoyeeAt ?? level.motifSaut).toBeTruthy();
  const { taches: all } = await taches.listByClient({ clientId });
  expect(all.filter(({ origine }) => origine.startsWith('attente/'))).toHaveLength(broken);
}

test.each(
  fc
    .sample(orders, { seed: SEED, numRuns: SEQUENCES })
    .map((order) => ({ order, told: JSON.stringify(order) })),
)(`one outcome on the real platform (seed ${SEED}): $told`, ({ order }) => play(order), 240_000);
