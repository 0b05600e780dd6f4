import { addDays, BANK_DAYS, dateInParis, instantInParis, reasonNotToMail } from '@crm/domain';
import { notFound } from '@crm/kit';
import type { Client } from '@crm/proto/clients/clients';
import type { Contrat } from '@crm/proto/contrats/contrats';
import type { Invoice } from '@crm/proto/factures/factures';
import { StatutPaiement, type Mandate, type Payment } from '@crm/proto/payments/payments';
import { ClasseRejet } from '@crm/proto/referentiel/referentiel';
import { StatutRetry, StatutTentative, type RetrySchedule } from '@crm/proto/retry/retry';
import { countedFrom, decideRejection } from '@crm/retry/decide-rejection';
import type { OpenDays } from '@crm/retry/open-days';
import { collecteOf } from '@crm/retry/plan-collecte';
import { daysBefore } from '@crm/retry/plan-retry';
import type { FullPolitique } from '@crm/retry/politique';
import { LIVE, TOLD_DAYS_BEFORE, type ScheduleRow } from '@crm/retry/schedules';
import type { Services } from '@crm/workers/clients';
import { readTruth } from '@crm/workers/follow-ups/payment-truth';
import { openDayFrom, type ClosingDays } from './open-day-from.ts';

/** The assumed time of the bank's answer on the collection day. */
const ANSWERED_AT = '12:00';
/** How often the workflow checks an attempt that is with the bank. */
const CHECKED_EVERY_MS = 24 * 3600_000;

/**
 * The reason codes that may be presented again, copied from `referentiel.motifs_rejet`, so that a simulation needs no
 * database. `test/e2e/referentiel.test.ts` compares them.
 */
export const RETRIED_CODES: Record<string, ClasseRejet> = {
  AM04: ClasseRejet.REESSAI,
  MS03: ClasseRejet.REESSAI_SUR_OPTION,
};

/** A rejected payment, its surroundings, and the assumptions. */
export type SimulatedRetries = {
  payment: Payment;
  client: Client;
  invoice?: Invoice | undefined;
  contrat?: Contrat | undefined;
  mandat?: Mandate | undefined;
  ownDays?: ClosingDays;
  politique: FullPolitique;
  /** Its running retries, to be continued. */
  schedule?: RetrySchedule | undefined;
  /** Without a schedule: the rejection that starts the retries, in the past or the future. */
  rejet: { motifRejet: string; dateRejet: Date };
  /** Every attempt is rejected except this one, which is collected. */
  paidAtAttempt?: number | undefined;
  until: Date;
};

/** A forecast event. */
export type RetryEvent = {
  at: Date;
  what: 'mail' | 'présentation' | 'rejet' | 'encaissement';
  /** The number of the attempt. */
  numero: number;
  /** For a mail its template; otherwise what set the date, or the assumption. */
  why: string;
};

/** The forecast in order, and how it ends; without an end if it does not end by then. */
export type RetryForesight = { events: RetryEvent[]; end?: { at: Date; statut: string; motifFin: string } };

/**
 * Forecasts the retries of a payment with the functions that decide and plan real ones. A test on a skipping
 * clock checks that the workflow does the same (docs/adr/0016).
 */
export async function simulateRetries(simulated: SimulatedRetries): Promise<RetryForesight> {
  const { events, end } = await foresee(simulated);
  const isWithin = (one: { at: Date }) => one.at <= simulated.until;
  return { events: events.filter(isWithin), ...(end && isWithin(end) && { end }) };
}

async function foresee(simulated: SimulatedRetries): Promise<Required<RetryForesight>> {
  const { client, schedule, politique, rejet, paidAtAttempt } = simulated;
  const payment = { ...simulated.payment };
  const services = servicesOf({ ...simulated, payment });
  const openDays: OpenDays = async (_, calendriers = BANK_DAYS) =>
    openDayFrom(simulated.ownDays, calendriers);
  const events: RetryEvent[] = [];
  let now = !schedule ? rejet.dateRejet : LIVE.includes(schedule.statut) ? new Date() : schedule.updatedAt!;
  let row = schedule && rowOf(schedule);
  /** The attempt that is planned or with the bank. */
  let numero = 0;
  const happens = (what: RetryEvent['what'], why: string, instant = now) =>
    void events.push({ at: instant, what, numero, why });
  const obstacle = async () => (await readTruth(services, payment.id, row?.mandatId)).obstacle;
  const mail = async (modele: string, instant = now) => {
    if (!reasonNotToMail(client) && !(await obstacle())) happens('mail', modele, instant);
  };
  const ended = (statut: string, motifFin: string) => ({ events, end: { at: now, statut, motifFin } });
  const reject = async (motifRejet: string) => {
    Object.assign(payment, { statut: StatutPaiement.REJETE, motifRejet, dateRejet: now });
    const { organisationId, id: paymentId, tentative } = payment;
    const deps = {
      politiqueOf: async () => politique,
      classeOf: async (code: string) => RETRIED_CODES[code] ?? ClasseRejet.ARRET,
      ...{ openDays, now: () => now },
    };
    const rejection = { organisationId, paymentId, motifRejet, dateRejet: now, tentative };
    const decision = await decideRejection(deps, row ?? null, rejection);
    if (decision) row = { ...(row as ScheduleRow), ...decision.columns };
  };

  let collecte = schedule?.tentatives.find(({ statut }) => statut === StatutTentative.SOUMISE)?.dateCollecte;
  let checkedAt = now;
  if (!schedule) {
    await reject(rejet.motifRejet);
    numero = payment.tentative - 1;
    // a payment that was retried before
    if (numero > 0 && row!.statut === String(StatutRetry.PLANIFIE)) await mail('reessai-echoue');
  }
  for (;;) {
    const { statut, motifFin, prochaineAt, tentativeRejetee } = row!;
    numero = tentativeRejetee;
    if (!collecte) {
      if (statut !== String(StatutRetry.PLANIFIE)) return ended(statut, motifFin);
      const toldAt = daysBefore(prochaineAt!, TOLD_DAYS_BEFORE);
      if (toldAt > now) await mail('avant-reessai', toldAt);
      if (prochaineAt! > now) now = prochaineAt!;
      const stop = await obstacle();
      if (stop) return ended(stop.statut, stop.motifFin);
      happens('présentation', whyThen(now, row!, numero, schedule));
      Object.assign(payment, { statut: StatutPaiement.PLANIFIE, tentative: numero + 1 });
      collecte = (await collecteOf(row!, '', openDays, now)).dateCollecte;
      checkedAt = now;
    }
    const answeredAt = instantInParis(collecte, ANSWERED_AT);
    if (answeredAt > now) now = answeredAt;
    const isPaid = payment.statut === StatutPaiement.ENCAISSE;
    if (isPaid || numero === paidAtAttempt) {
      if (!isPaid) happens('encaissement', 'supposé');
      do checkedAt = new Date(checkedAt.getTime() + CHECKED_EVERY_MS);
      while (!isPaid && checkedAt < now);
      now = checkedAt;
      return ended(StatutRetry.ENCAISSE, 'nouvelle présentation payée');
    }
    happens('rejet', 'supposé');
    await reject(rejet.motifRejet);
    collecte = '';
    if (row!.statut !== String(StatutRetry.ARRETE))
      await mail(row!.statut === String(StatutRetry.EPUISE) ? 'reessais-epuises' : 'reessai-echoue');
  }
}

/** Converts a schedule to the service's row. */
function rowOf(schedule: RetrySchedule): ScheduleRow {
  const { tentatives, prochaineAt = null, repriseAt = null, ...row } = schedule;
  const rejected = tentatives.findLast(({ statut }) => statut === StatutTentative.REJETEE)?.numero ?? 0;
  const tentativeRejetee = Math.max(row.tentativeInitiale, rejected + 1);
  const kept = { ...row, prochaineAt, repriseAt, tentativeRejetee, rejeteAt: row.dateRejet! };
  return kept as unknown as ScheduleRow;
}

/** Services in memory for reading the state of a payment. */
function servicesOf({ payment, client, invoice, contrat, mandat }: SimulatedRetries): Services {
  const having = (one: object | undefined) => ({
    get: async ({ id }: { id: string }) => {
      if (!one) throw notFound('entity', id);
      return one;
    },
  });
  const around = { factures: having(invoice), contrats: having(contrat), mandats: having(mandat) };
  return { payments: having(payment), clients: having(client), ...around } as unknown as Services;
}

/** "rejet du 2026-03-02 + 5 jours à 10:00, reporté au premier jour ouvré". */
function whyThen(submittedAt: Date, row: ScheduleRow, numero: number, schedule?: RetrySchedule): string {
  const isAskedFor = schedule?.tentatives.find((one) => one.numero === numero)?.demandee;
  if (isAskedFor) return 'date demandée';
  const { delaisJours, heureLimite } = row.politique as FullPolitique;
  const from = dateInParis(countedFrom(row));
  const days = delaisJours[numero - row.tentativeInitiale]!;
  const moved = dateInParis(submittedAt) === addDays(from, days) ? '' : ', reporté au premier jour ouvré';
  return `${row.repriseAt ? 'reprise' : 'rejet'} du ${from} + ${days} jours à ${heureLimite}${moved}`;
}
