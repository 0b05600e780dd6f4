import { connectTo } from '@crm/kit';
import { CalendarEngineServiceService } from '@crm/proto/calendar/calendar';
import { PaymentReceivedEvent, PaymentRejectedEvent } from '@crm/proto/events/payment_events';
import {
  CreatePaymentRequest,
  MandateServiceService,
  PaymentScheduleServiceService,
  PaymentServiceService,
  type Payment,
} from '@crm/proto/payments/payments';
import { RetryAdminServiceService } from '@crm/proto/retry/retry';
import { status } from '@grpc/grpc-js';
import { presentedPayment } from '../support/presented-payment.ts';
import { rawCall } from '../support/raw-call.ts';
import { refusalOf } from '../support/refusal.ts';
import { sharedStack } from '../support/stack.ts';
import { storedMessages } from '../support/stream.ts';
import { todayInParis } from '../support/today.ts';
import { unique } from '../support/unique.ts';
import { until } from '../support/until.ts';

const stack = sharedStack();
const payments = stack.client('payments', PaymentServiceService);
const schedules = stack.client('payments', PaymentScheduleServiceService);
const mandates = stack.client('payments', MandateServiceService);

afterAll(() => stack.close());

const planned = (more: Partial<CreatePaymentRequest> = {}): Promise<Payment> =>
  payments.create({ clientId: 'client-123', montant: 75_000n, datePrevue: '2026-03-10', ...more });
/** A mandate of the client of `planned`. */
const mandateOf = async (organisationId = 'default', clientId = 'client-123') => {
  const account = {
    iban: 'FR1420041010050500013M02606',
    titulaire: 'Test User',
    dateSignature: '2026-01-15',
  };
  return (await mandates.create({ ...account, organisationId, clientId })).id;
};
/**
 * A payment in a file for the bank, in an organisation of its own, because the file takes everything that is
 * due there.
 */
const presented = (more: Partial<CreatePaymentRequest> = {}): Promise<Payment> =>
  presentedPayment({ mandates, payments }, { clientId: 'client-123', ...more });
const reject = (id: string, motifRejet = 'AM04') => payments.reject({ id, motifRejet });
const settled = async () => await payments.confirm({ id: (await planned()).id });
const rejected = async () => await reject((await planned()).id);
const events = {
  received: async (paymentId: string) =>
    (await storedMessages(await stack.nats(), 'crm.events.payment.received'))
      .map(({ data }) => PaymentReceivedEvent.decode(data))
      .filter((event) => event.paymentId === paymentId),
  rejected: async (paymentId: string) =>
    (await storedMessages(await stack.nats(), 'crm.events.payment.rejected'))
      .map(({ data }) => PaymentRejectedEvent.decode(data))
      .filter((event) => event.paymentId === paymentId),
};
/** The events of a payment in the outbox. What is not written there is never published. */
const written = async (id: string): Promise<string[]> => {
  const rows = await stack.sql<{ event_type: string }>(
    `SELECT event_type FROM events.outbox WHERE position($1::bytea in payload) > 0 ORDER BY created_at`,
    Buffer.from(id),
  );
  return rows.map(({ event_type }) => event_type);
};

describe('Create', () => {
  test('answers the planned payment, with what the server made up', async () => {
    const request = CreatePaymentRequest.fromJSON({
      clientId: 'client-123',
      invoiceId: 'facture-1',
      mandatId: await mandateOf('org-123'),
      montant: 75000,
      datePrevue: '2026-03-10',
      organisationId: 'org-123',
    });
    const payment = await payments.create(request);
    expect(payment).toMatchObject({
      ...request,
      statut: 'PLANIFIE',
      tentative: 1,
      scheduleId: '',
      dateEmission: '',
      motifRejet: '',
      dateReception: undefined,
    });
    expect(await payments.get({ id: payment.id })).toEqual(payment);
  });

  test('without a date it is the next open day after today', async () => {
    const { datePrevue, organisationId } = await payments.create({ clientId: 'c', montant: 1n });
    const today = todayInParis().toString();
    expect(datePrevue > today).toBe(true);
    expect(organisationId).toBe('default');
  });

  test('a date is kept as given; a direct debit’s is refused while banks are closed', async () => {
    const mandatId = await mandateOf();
    expect((await planned({ datePrevue: '2026-03-08' })).datePrevue).toBe('2026-03-08');
    const refusal = await refusalOf(planned({ datePrevue: '2026-04-03', mandatId }));
    expect(refusal.code).toBe('INVALID_ARGUMENT');
    expect(refusal.violations).toEqual([
      expect.objectContaining({
        field: 'datePrevue',
        description: 'banks are closed (Vendredi saint); the next day that is open is 2026-04-07',
      }),
    ]);
    // France is closed, T2 is not: a file can have that date
    expect((await planned({ datePrevue: '2026-07-14', mandatId })).datePrevue).toBe('2026-07-14');
  });

  test('by a mandate that is unknown, another client’s or organisation’s, or revoked is refused', async () => {
    const mandatId = await mandateOf();
    const refused = async (more: object) => {
      const contract = { contratId: unique('contrat'), clientId: 'client-123', montantTotal: 75_000n };
      const [payment, schedule] = await Promise.all([
        refusalOf(planned({ mandatId, ...more })),
        refusalOf(schedules.create({ mandatId, ...contract, ...more })),
      ]);
      expect(schedule).toEqual(payment);
      return payment;
    };
    expect((await refused({ mandatId: unique('mandat') })).code).toBe('NOT_FOUND');
    for (const other of [{ clientId: 'client-2' }, { organisationId: unique('org') }]) {
      const violations = [{ field: 'mandatId' }];
      expect(await refused(other)).toMatchObject({ code: 'INVALID_ARGUMENT', violations });
    }
    await mandates.revoke({ id: mandatId, motif: 'demande du client' });
    expect(await refused({})).toMatchObject({ code: 'FAILED_PRECONDITION', reason: 'MANDAT_REVOQUE' });
  });

  test('a direct debit is of 999 999 999,99 euros at most, what is paid otherwise may be more', async () => {
    const mandatId = await mandateOf();
    const montant = 100_000_000_000n;
    expect((await refusalOf(planned({ mandatId, montant }))).violations[0]!.field).toBe('montant');
    expect((await planned({ mandatId, montant: montant - 1n })).montant).toBe(montant - 1n);
    expect((await planned({ montant })).montant).toBe(montant);
  });

  test('amounts that are none are refused', async () => {
    for (const montant of [0n, -1n]) {
      expect((await refusalOf(planned({ montant }))).violations[0]!.field).toBe('montant');
    }
  });
});

describe('Confirm', () => {
  test.each([
    ['planned', planned],
    ['presented', presented],
  ])('a payment that is %s is collected, and payment.received told', async (_, made) => {
    const more = { organisationId: unique('org'), invoiceId: unique('facture') };
    const payment = await made(more);
    const dateReception = new Date('2026-03-10T08:15:00Z');
    const confirmed = await payments.confirm({ id: payment.id, dateReception });
    expect(confirmed).toMatchObject({ id: payment.id, statut: 'ENCAISSE', dateReception });
    const [event] = await until('the event', async () => {
      const told = await events.received(payment.id);
      return told.length > 0 && told;
    });
    expect(event).toEqual({
      eventId: event!.eventId,
      timestamp: expect.any(Date) as Date,
      correlationId: event!.correlationId,
      paymentId: payment.id,
      scheduleId: '',
      ...more,
      clientId: 'client-123',
      montant: 75_000n,
      dateReception,
    });
  });

  test('again changes nothing and answers the payment; many at once are one event', async () => {
    const { id } = await planned();
    const all = await Promise.all(Array.from({ length: 10 }, () => payments.confirm({ id })));
    const after = await payments.confirm({ id, dateReception: new Date('2020-01-01T00:00:00Z') });
    for (const answer of all) expect(answer).toEqual(after);
    expect(await written(id)).toEqual(['payment.received']);
  });

  test('a rejected payment is not collected by hand', async () => {
    const { id } = await rejected();
    expect(await refusalOf(payments.confirm({ id }))).toMatchObject({
      code: 'FAILED_PRECONDITION',
      reason: 'PAIEMENT_STATUT',
    });
    expect((await payments.get({ id })).statut).toBe('REJETE');
  });
});

describe('Reject', () => {
  test.each([
    ['planned', planned],
    ['presented', presented],
  ])('a payment that is %s is rejected, and payment.rejected told', async (_, made) => {
    const more = { organisationId: unique('org'), invoiceId: unique('facture') };
    const payment = await made(more);
    const dateRejet = new Date('2026-03-11T13:30:00Z');
    const answer = await payments.reject({ id: payment.id, motifRejet: ' am04 ', dateRejet });
    expect(answer).toMatchObject({ statut: 'REJETE', motifRejet: 'AM04', dateRejet, tentative: 1 });
    const [event] = await until('the event', async () => {
      const told = await events.rejected(payment.id);
      return told.length > 0 && told;
    });
    expect(event).toEqual({
      eventId: event!.eventId,
      timestamp: expect.any(Date) as Date,
      correlationId: event!.correlationId,
      paymentId: payment.id,
      scheduleId: '',
      ...more,
      clientId: 'client-123',
      montant: 75_000n,
      motifRejet: 'AM04',
      dateRejet,
      tentative: 1,
    });
  });

  test('again changes nothing: the first reason stands', async () => {
    const first = await rejected();
    expect(await reject(first.id, 'MD01')).toEqual(first);
    expect(await written(first.id)).toEqual(['payment.rejected']);
  });

  test('a collected payment is rejected by a bank’s return only', async () => {
    const { id } = await settled();
    expect(await refusalOf(reject(id))).toMatchObject({
      code: 'FAILED_PRECONDITION',
      reason: 'PAIEMENT_STATUT',
    });
    expect((await payments.get({ id })).statut).toBe('ENCAISSE');
    const returned = await payments.reject({ id, motifRejet: 'MD06', retourBancaire: true });
    expect(returned).toMatchObject({ statut: 'REJETE', motifRejet: 'MD06', dateReception: undefined });
    expect(await written(id)).toEqual(['payment.received', 'payment.rejected']);
  });

  test.each(['AM-4', '', 'ABCDEFGHIJK'])('a reason "%s" is refused', async (motifRejet) => {
    const refusal = await refusalOf(payments.reject({ id: 'x', motifRejet }));
    expect(refusal.violations.map(({ field }) => field)).toEqual(['motifRejet']);
  });
});

test('of a Confirm and a Reject at once one wins, and one event is told', async () => {
  for (let round = 0; round < 8; round += 1) {
    const { id } = await presented();
    const answers = await Promise.allSettled([payments.confirm({ id }), reject(id)]);
    expect(answers.map((answer) => answer.status).sort()).toEqual(['fulfilled', 'rejected']);
    const { statut } = await payments.get({ id });
    expect(statut).toBe(answers[0].status === 'fulfilled' ? 'ENCAISSE' : 'REJETE');
    expect(await written(id)).toHaveLength(1);
  }
});

test('received, returned, planned again, received again are facts of their own, each told once', async () => {
  const { id } = await planned();
  await payments.confirm({ id });
  await payments.reject({ id, motifRejet: 'AM04', retourBancaire: true });
  const again = await payments.replanifier({ id, tentative: 2, datePrevue: '2026-03-16' });
  expect(again).toMatchObject({ statut: 'PLANIFIE', tentative: 2, datePrevue: '2026-03-16', motifRejet: '' });
  await reject(id);
  await payments.replanifier({ id, tentative: 3, datePrevue: '2026-03-23' });
  await payments.confirm({ id });
  const told = ['payment.received', 'payment.rejected', 'payment.rejected', 'payment.received'];
  expect(await written(id)).toEqual(told);
  const ids = await until('all on the stream', async () => {
    const all = [...(await events.received(id)), ...(await events.rejected(id))];
    return all.length === 4 && all.map(({ eventId }) => eventId);
  });
  expect(new Set(ids).size).toBe(4);
  expect((await events.rejected(id)).map(({ tentative }) => tentative)).toEqual([1, 2]);
});

describe('Replanifier', () => {
  const plan = (id: string, tentative: number, more = {}) =>
    payments.replanifier({ id, tentative, datePrevue: '2026-03-16', ...more });

  test('is the next attempt exactly, of a rejected payment, and once', async () => {
    const { id } = await rejected();
    expect(await refusalOf(plan(id, 3))).toMatchObject({ reason: 'PAIEMENT_TENTATIVE' });
    const mandatId = await mandateOf();
    const ofAnother = await refusalOf(plan(id, 2, { mandatId: await mandateOf('default', 'client-2') }));
    expect(ofAnother).toMatchObject({ code: 'INVALID_ARGUMENT', violations: [{ field: 'mandatId' }] });
    const all = await Promise.all(Array.from({ length: 5 }, () => plan(id, 2, { mandatId })));
    expect(all[0]).toMatchObject({ statut: 'PLANIFIE', tentative: 2, mandatId });
    for (const answer of all) expect(answer).toEqual(all[0]);
    expect(await refusalOf(plan(id, 3))).toMatchObject({ reason: 'PAIEMENT_STATUT' });
    expect((await refusalOf(plan(unique('paiement'), 2))).code).toBe('NOT_FOUND');
  });

  test('of the attempt at hand gives it another mandate, while the bank does not have it', async () => {
    const { id, organisationId, clientId, mandatId: first } = await presented();
    const second = await mandateOf(organisationId, clientId);
    await reject(id);
    await plan(id, 2, { mandatId: first });
    const told = await payments.marquerPrenotifie({ id, datePrevue: '2026-03-16' });
    expect(told).toMatchObject({ mandatId: first, prenotifiePour: '2026-03-16' });
    expect(await plan(id, 2)).toEqual(told);
    const moved = await plan(id, 2, { mandatId: second, datePrevue: '2026-03-18' });
    expect(moved).toMatchObject({ tentative: 2, statut: 'PLANIFIE', mandatId: second });
    expect(moved).toMatchObject({ datePrevue: '2026-03-18', prenotifiePour: '' });
    await payments.emit({ organisationId, dateCollecte: '2026-03-18' });
    expect(await plan(id, 2, { mandatId: first })).toMatchObject({ statut: 'EMIS', mandatId: second });
  });

  test('a payment that is planned or collected is not planned again', async () => {
    expect(await refusalOf(plan((await planned()).id, 2))).toMatchObject({ reason: 'PAIEMENT_STATUT' });
    expect(await refusalOf(plan((await settled()).id, 2))).toMatchObject({ reason: 'PAIEMENT_STATUT' });
  });
});

test('GetMontantsRecus sums what is collected of each invoice, in the order asked', async () => {
  const [paid, open, unknown] = [unique('facture'), unique('facture'), unique('facture')];
  for (const montant of [1_000n, 250n]) {
    await payments.confirm({ id: (await planned({ invoiceId: paid, montant })).id });
  }
  await reject((await planned({ invoiceId: paid })).id);
  await planned({ invoiceId: open });
  const { montants } = await payments.getMontantsRecus({ invoiceIds: [unknown, paid, open, paid] });
  expect(montants).toEqual([
    { invoiceId: unknown, montant: 0n },
    { invoiceId: paid, montant: 1_250n },
    { invoiceId: open, montant: 0n },
    { invoiceId: paid, montant: 1_250n },
  ]);
});

test('List filters by what is asked', async () => {
  const organisationId = unique('org');
  const [first, second] = [await planned({ organisationId }), await planned({ organisationId })];
  await payments.confirm({ id: first.id });
  const ids = async (filter: object) =>
    (await payments.list({ organisationId, ...filter })).payments.map(({ id }) => id);
  expect(await ids({})).toEqual([second.id, first.id]);
  expect(await ids({ statut: 'ENCAISSE' })).toEqual([first.id]);
});

describe('schedules', () => {
  const contract = (more = {}) => ({
    organisationId: unique('org'),
    contratId: unique('contrat'),
    clientId: 'client-123',
    montantTotal: 10_000n,
    ...more,
  });

  test('are equal parts to the cent, month after month, moved to open days', async () => {
    const organisation = unique('org');
    const mandatId = await mandateOf(organisation);
    const more = { organisationId: organisation, mandatId };
    const request = contract({ ...more, nombreEcheances: 4, montantTotal: 10_003n });
    const schedule = await schedules.create({ ...request, datePremiereEcheance: '2026-01-31' });
    expect(schedule).toMatchObject(request);
    expect(schedule.paiements.map(({ montant, datePrevue }) => [montant, datePrevue])).toEqual([
      [2_501n, '2026-02-02'], // 31 January is a Saturday
      [2_501n, '2026-03-02'], // 28 February is one too
      [2_501n, '2026-03-31'],
      [2_500n, '2026-04-30'],
    ]);
    const { organisationId, contratId } = request;
    for (const paiement of schedule.paiements) {
      expect(paiement).toMatchObject({ organisationId, contratId, mandatId, statut: 'PLANIFIE' });
      expect(paiement.scheduleId).toBe(schedule.id);
    }
    expect(await schedules.get({ id: schedule.id })).toEqual(schedule);
    expect((await schedules.list({ contratId })).schedules).toEqual([schedule]);
  });

  test('without more, one payment in thirty days', async () => {
    const { paiements, nombreEcheances } = await schedules.create(contract());
    expect(nombreEcheances).toBe(1);
    expect(paiements).toHaveLength(1);
    const inDays = (Date.parse(paiements[0]!.datePrevue) - Date.now()) / (24 * 3600 * 1000);
    expect(inDays).toBeGreaterThan(28);
    expect(inDays).toBeLessThan(36);
  });

  test('are one a contract: again, and at once, answers the first', async () => {
    const request = contract({ nombreEcheances: 3 });
    const all = await Promise.all(Array.from({ length: 6 }, () => schedules.create(request)));
    const again = await schedules.create(request);
    for (const schedule of all) expect(schedule).toEqual(again);
    expect((await payments.list({ contratId: request.contratId })).payments).toHaveLength(3);
    for (const other of [
      { montantTotal: 9_999n },
      { nombreEcheances: 2 },
      { organisationId: unique('org') },
    ]) {
      const refused = await refusalOf(schedules.create({ ...request, ...other }));
      expect(refused.code).toBe('ALREADY_EXISTS');
      expect(refused.message).toContain('contratId');
    }
  });

  test('need a cent for each instalment, and dates that there are', async () => {
    const fields = async (more: object) =>
      (await refusalOf(schedules.create(contract(more)))).violations.map(({ field }) => field);
    expect(await fields({ montantTotal: 2n, nombreEcheances: 3 })).toEqual(['nombreEcheances']);
    expect(await fields({ nombreEcheances: 2, datePremiereEcheance: '2199-12-15' })).toEqual([
      'datePremiereEcheance',
    ]);
  });
});

describe('other services', () => {
  const nobody = () => Promise.resolve(undefined);

  test('refuse a call on which no caller’s token is forwarded', async () => {
    const calendar = connectTo(CalendarEngineServiceService, stack.address('calendar'), nobody);
    expect((await refusalOf(calendar.calculatePlannedDate({}))).code).toBe('UNAUTHENTICATED');
    calendar.close();
    const retries = connectTo(RetryAdminServiceService, stack.address('retry'), nobody);
    expect((await refusalOf(retries.getSchedule({ id: 'p-1' }))).code).toBe('UNAUTHENTICATED');
    retries.close();
  });

  test('are not asked for a caller without one', async () => {
    const list = await rawCall(stack.address('payments'), '/payments.PaymentScheduleService/List');
    expect(status[list.code]).toBe('UNAUTHENTICATED');
  });

  test('GetRetrySchedule answers what the retry service has planned of a rejected payment', async () => {
    const { id, organisationId } = await rejected();
    const schedule = await until('the schedule', () => payments.getRetrySchedule({ id }));
    expect(schedule).toMatchObject({
      paymentId: id,
      organisationId,
      motifRejet: 'AM04',
      eligibilite: 'ELIGIBLE',
    });
  });

  test('GetRetrySchedule: a payment without one is NOT_FOUND, and so is no payment', async () => {
    const { id } = await planned();
    for (const asked of [id, unique('paiement')]) {
      expect((await refusalOf(payments.getRetrySchedule({ id: asked }))).code).toBe('NOT_FOUND');
    }
  });
});
