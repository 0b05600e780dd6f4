import { BANK_DAYS, instantInParis, obstacleTo, reasonNotToMail } from '@crm/domain';
import type { Client } from '@crm/proto/clients/clients';
import type { Contrat } from '@crm/proto/contrats/contrats';
import { PaymentRejectedEvent } from '@crm/proto/events/payment_events';
import type { Invoice } from '@crm/proto/factures/factures';
import { StatutPaiement, type Mandate, type Payment } from '@crm/proto/payments/payments';
import { GenreEvenementRetry, StatutTentative, type RetrySchedule } from '@crm/proto/retry/retry';
import { foreseeRetries } from '@crm/retry/foresee-retries';
import type { OpenDays } from '@crm/retry/open-days';
import type { FullPolitique } from '@crm/retry/politique';
import { LIVE } from '@crm/retry/schedules';
import { paymentRetryActivities } from '@crm/workers/follow-ups/payment-retry';
import { retryHandlers } from '@crm/workers/handlers/retry';
import { withFailures } from '@crm/workers/rpc-failure';
import { retryWorkflowId } from '@crm/workflows/ids';
import { FOLLOW_UPS_QUEUE } from '@crm/workflows/task-queues';
import { BankInMemory } from './bank-in-memory.ts';
import { RetriesInMemory } from './retries-in-memory.ts';
import { asCalled, found } from './services-in-memory.ts';
import { onAnotherDay } from './on-another-day.ts';
import { openDayFrom, type ClosingDays } from './open-day-from.ts';
import { classeOf } from './retried-codes.ts';
import { withSkippingClock, type SkippingClock } from './skipping-clock.ts';
import type { Services } from '@crm/workers/clients';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** When the bank's answer comes, on the day of the collection: an assumption. */
const ANSWERED_AT = '12:00';

/** A rejected payment, its surroundings, and the assumptions. */
export type SimulatedRetries = {
  payment: Payment;
  client: Client;
  invoice?: Invoice;
  contrat?: Contrat;
  mandat?: Mandate;
  ownDays?: ClosingDays;
  politique: FullPolitique;
  /** Its running retries, to be continued. */
  schedule?: RetrySchedule;
  /** Without a schedule: the rejection that starts the retries, in the past or the future. */
  rejet: { motifRejet: string; dateRejet: Date };
  /** Every retry is rejected except this one, which is collected: 1 for the first. */
  paidAtAttempt?: number;
  until: Date;
};

/** What happens; `numero` is that of the retry. */
type RetryEvent = {
  at: Date;
  what: 'mail' | 'présentation' | 'rejet' | 'encaissement';
  numero: number;
  why: string;
};
/** The events in order, and how it ends; without an end if it does not end by then. */
export type RetryForesight = { events: RetryEvent[]; end?: { at: Date; statut: string; motifFin: string } };

const WHAT: Record<GenreEvenementRetry, RetryEvent['what']> = {
  [GenreEvenementRetry.MAIL]: 'mail',
  [GenreEvenementRetry.PRESENTATION]: 'présentation',
  [GenreEvenementRetry.REJET]: 'rejet',
  [GenreEvenementRetry.ENCAISSEMENT]: 'encaissement',
  [GenreEvenementRetry.UNSPECIFIED]: 'mail',
};

/** What the service foresees. */
export async function foreseeRetriesOf(simulated: SimulatedRetries): Promise<RetryForesight> {
  const { payment, client, schedule, politique, rejet, paidAtAttempt, ownDays, until } = simulated;
  const openDays: OpenDays = async (_, calendriers = BANK_DAYS) => openDayFrom(ownDays, calendriers);
  const payments = asCalled({ get: async () => payment });
  const truth = { payments, ...around(simulated) } as unknown as Services;
  const { events, end } = await foreseeRetries(
    { classeOf, openDays },
    {
      ...{ payment, politique, schedule, motifRejet: rejet.motifRejet, now: new Date() },
      ...(!schedule && { dateRejet: rejet.dateRejet }),
      obstacle: await obstacleTo(truth, payment.id, {}, schedule?.mandatId),
      sansMail: reasonNotToMail(client),
      encaissee: paidAtAttempt && paidAtAttempt + 1,
    },
  );
  const told = events.map(({ at, genre, numero, pourquoi: why }): RetryEvent => {
    return { at: at!, what: WHAT[genre], numero: numero - 1, why };
  });
  return { events: told.filter(({ at }) => at <= until), ...(end.at <= until && { end }) };
}

/**
 * Runs the real workflow of a payment's retries, with its real activities and the handler that starts it, on a clock
 * that leaps, over services in memory that decide and plan by the real functions. What the service foresees is held
 * against it; `why` an attempt is presented then it does not say.
 */
export const runRetries = (simulated: SimulatedRetries): Promise<RetryForesight> =>
  withSkippingClock(async (clock) => {
    const { payment, schedule, politique, rejet, until, paidAtAttempt } = simulated;
    const { id } = payment;
    let serverNow = (await clock.now()).getTime();
    const ahead = schedule ? 0 : serverNow - rejet.dateRejet.getTime();
    const refresh = async () => (serverNow = (await clock.now()).getTime());
    const now = () => new Date(serverNow - ahead);
    const bank = new BankInMemory(now);
    bank.payments.set(id, payment);
    const retries = new RetriesInMemory({ now, politique, ownDays: simulated.ownDays });
    const events: RetryEvent[] = [];
    const attemptNow = () =>
      retries.attempts.get(id)!.find(({ statut }) => statut === StatutTentative.SOUMISE);
    const services = {
      payments: asCalled(bank.client),
      retries: asCalled(retries.client),
      ...around(simulated),
      email: asCalled({
        sendEmailWithTemplate: async ({ modele, envoi }: { modele: string; envoi: string }) => {
          const [, , , numero] = envoi.split('/');
          events.push({ at: now(), what: 'mail', numero: Number(numero), why: modele });
          return {};
        },
      }),
    } as unknown as Services;
    const activities = onAnotherDay(
      paymentRetryActivities(services, () => now().getTime()),
      ahead,
      refresh,
    );
    const passes = async (ms: number) => {
      await clock.passes(ms);
      await refresh();
    };
    /** As the event's handler does it. */
    const reject = async (motifRejet: string) => {
      const rejected = bank.reject(id, motifRejet);
      const event = PaymentRejectedEvent.fromPartial({
        ...rejected,
        paymentId: id,
        correlationId: 'simulation',
      });
      await retryHandlers(services, clock.temporal).queuePaymentRetry(event, {
        metadata: {},
        deadlineMs: 5_000,
      });
      await passes(MINUTE);
    };
    const answer = async (numero: number) => {
      const isPaid = numero === paidAtAttempt;
      const what = isPaid ? 'encaissement' : 'rejet';
      events.push({ at: now(), what, numero, why: 'supposé' });
      if (isPaid) bank.collect(id);
      else await reject(rejet.motifRejet);
    };
    const live = () => {
      const row = retries.rows.get(id);
      return row && LIVE.includes(row.statut) ? row : undefined;
    };

    await clock.withWorker(withFailures(activities), async () => {
      if (schedule) {
        retries.keep(schedule);
        await goOn(clock, schedule);
        await passes(MINUTE);
      } else await reject(rejet.motifRejet);
      for (let row = live(); row; row = live()) {
        const attempt = attemptNow();
        const isCollected = bank.payments.get(id)!.statut === StatutPaiement.ENCAISSE;
        const due = attempt ? instantInParis(attempt.dateCollecte!, ANSWERED_AT) : row.prochaineAt!;
        const toDue = due.getTime() - now().getTime();
        // what is collected is seen by the check of the next day
        const wait = isCollected ? 25 * HOUR : toDue > 0 ? toDue : attempt ? 0 : HOUR;
        const left = until.getTime() - now().getTime();
        if (wait >= left) return await passes(Math.max(left, 1_000));
        await passes(attempt ? Math.max(wait, 1_000) : wait + MINUTE);
        if (attempt && !isCollected) await answer(attempt.numero);
      }
    });
    const row = retries.rows.get(id)!;
    for (const { numero, soumiseAt } of retries.attempts.get(id)!) {
      const began = schedule?.tentatives.find((attempt) => attempt.numero === numero)?.soumiseAt;
      if (!soumiseAt || began) continue;
      events.push({ at: soumiseAt, what: 'présentation', numero, why: '' });
    }
    events.sort((a, b) => a.at.getTime() - b.at.getTime());
    const { statut, motifFin, updatedAt } = row;
    return { events, ...(!live() && { end: { at: updatedAt, statut, motifFin } }) };
  });

/** The services that are only read. */
const around = ({ client, invoice, contrat, mandat }: SimulatedRetries) => ({
  clients: asCalled({ get: async ({ id }: { id: string }) => found('client', id, client) }),
  factures: asCalled({ get: async ({ id }: { id: string }) => found('invoice', id, invoice) }),
  contrats: asCalled({ get: async ({ id }: { id: string }) => found('contrat', id, contrat) }),
  mandats: asCalled({ get: async ({ id }: { id: string }) => found('mandate', id, mandat) }),
});

/** Retries that run, as they would be if their workflow began anew: what was told is not told again. */
async function goOn({ temporal, now }: SkippingClock, schedule: RetrySchedule): Promise<void> {
  const { paymentId, clientId, invoiceId, organisationId, annonceAt, prochaineAt, tentatives } = schedule;
  const isAnnounced = prochaineAt && (!annonceAt || annonceAt <= (await now()));
  const rejected = tentatives.findLast(({ statut }) => statut === StatutTentative.REJETEE)?.numero;
  const told = {
    ...(isAnnounced && { announced: prochaineAt.toISOString() }),
    ...(rejected && { rejected }),
    // of another mandate the client was told when its first debit was planned
    ...(prochaineAt && { prenotified: prochaineAt.toISOString() }),
  };
  const ids = { scheduleId: paymentId, paymentId, clientId, invoiceId, organisationId };
  await temporal.workflow.start('paymentRetry', {
    workflowId: retryWorkflowId(paymentId),
    taskQueue: FOLLOW_UPS_QUEUE,
    args: [{ ...ids, correlationId: 'simulation', told }],
  });
}
