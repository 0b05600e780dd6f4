import { addDays, dateInParis, instantInParis, type Obstacle } from '@crm/domain';
import { StatutPaiement, type Payment } from '@crm/proto/payments/payments';
import {
  GenreEvenementRetry,
  StatutRetry,
  StatutTentative,
  type EvenementRetry,
  type RetrySchedule,
} from '@crm/proto/retry/retry';
import { countedFrom, decideRejection } from './decide-rejection.ts';
import type { ClasseOf } from './eligibilite.ts';
import type { OpenDays } from './open-days.ts';
import { collecteOf } from './plan-collecte.ts';
import { daysBefore } from './plan-retry.ts';
import { readPolitique, type FullPolitique } from './politique.ts';
import { LIVE, rowOfSchedule, TOLD_DAYS_BEFORE, type ScheduleRow } from './schedules.ts';

const { MAIL, PRESENTATION, REJET, ENCAISSEMENT } = GenreEvenementRetry;

/** The assumed time of the bank's answer on the collection day. */
const ANSWERED_AT = '12:00';
/** How often the workflow checks an attempt that is with the bank. */
const CHECKED_EVERY_MS = 24 * 3600_000;

/** A payment that is or will be rejected, and the assumptions. */
export type SimulatedRetries = {
  payment: Pick<Payment, 'id' | 'organisationId' | 'statut' | 'tentative'>;
  /** What prevents that it is debited again. */
  obstacle?: Obstacle | undefined;
  /** Why the client gets no mails. Empty: they do. */
  sansMail: string;
  politique: FullPolitique;
  /** Its retries so far. */
  schedule?: RetrySchedule | undefined;
  /** A rejection that starts them, in the past or the future. Undefined: they go on. */
  dateRejet?: Date | undefined;
  /** The reason of every rejection. */
  motifRejet: string;
  /** Every attempt is rejected except this one, which is collected: 2 for the first retry. */
  encaissee?: number | undefined;
  now: Date;
};

/** What happens, in order, and how the retries end. */
export type RetryForesight = {
  events: EvenementRetry[];
  end: { at: Date; statut: string; motifFin: string };
};

/**
 * Foresees the retries of a payment with the functions that decide and plan real ones. A test on a skipping
 * clock checks that the workflow does the same (docs/adr/0040).
 */
export async function foreseeRetries(
  { classeOf, openDays }: { classeOf: ClasseOf; openDays: OpenDays },
  {
    schedule,
    politique,
    dateRejet,
    motifRejet,
    encaissee,
    obstacle,
    sansMail,
    ...simulated
  }: SimulatedRetries,
): Promise<RetryForesight> {
  const payment = { ...simulated.payment };
  const events: EvenementRetry[] = [];
  const isLive = schedule !== undefined && LIVE.includes(schedule.statut);
  let now = dateRejet ?? (isLive ? simulated.now : schedule!.updatedAt!);
  let row = schedule && rowOfSchedule(schedule);
  /** The attempt that is planned or with the bank. */
  let numero = 0;
  /** The attempt whose supposed rejection everything from now on depends on. */
  let siRejetDe = 0;
  const happens = (genre: GenreEvenementRetry, pourquoi: string, at = now, dateCollecte = '') =>
    void events.push({ at, genre, numero: numero + 1, pourquoi, siRejetDe, dateCollecte });
  const mail = (modele: string, at = now) => {
    if (!sansMail && !obstacle) happens(MAIL, modele, at);
  };
  const ended = (statut: string, motifFin: string) => ({ events, end: { at: now, statut, motifFin } });
  const reject = async () => {
    payment.statut = StatutPaiement.REJETE;
    const { organisationId, id: paymentId, tentative } = payment;
    const deps = { politiqueOf: async () => politique, classeOf, openDays, now: () => now };
    const rejection = { organisationId, paymentId, motifRejet, dateRejet: now, tentative };
    const decision = await decideRejection(deps, row ?? null, rejection);
    if (decision) row = { ...(row as ScheduleRow), ...decision.columns };
  };

  const withBank = schedule?.tentatives.find(({ statut }) => statut === StatutTentative.SOUMISE);
  let collecte = isLive ? withBank?.dateCollecte : '';
  let checkedAt = now;
  if (dateRejet) {
    if (now > simulated.now) siRejetDe = payment.tentative;
    await reject();
    numero = payment.tentative - 1;
    // a payment that was retried before
    if (numero > 0 && row!.statut === String(StatutRetry.PLANIFIE)) mail('reessai-echoue');
  }
  for (;;) {
    const { statut, motifFin, prochaineAt, tentativeRejetee } = row!;
    numero = tentativeRejetee;
    if (!collecte) {
      if (statut !== String(StatutRetry.PLANIFIE)) return ended(statut, motifFin);
      const toldAt = daysBefore(prochaineAt!, TOLD_DAYS_BEFORE);
      if (toldAt > now) mail('avant-reessai', toldAt);
      if (prochaineAt! > now) now = prochaineAt!;
      if (obstacle) return ended(obstacle.statut, obstacle.motifFin);
      ({ dateCollecte: collecte } = await collecteOf(row!, '', openDays, now));
      happens(PRESENTATION, whyThen(now, row!, numero, schedule), now, collecte);
      Object.assign(payment, { statut: StatutPaiement.PLANIFIE, tentative: numero + 1 });
      checkedAt = now;
    }
    const answeredAt = instantInParis(collecte, ANSWERED_AT);
    if (answeredAt > now) now = answeredAt;
    const isPaid = payment.statut === StatutPaiement.ENCAISSE;
    if (isPaid || numero + 1 === encaissee) {
      if (!isPaid) happens(ENCAISSEMENT, 'supposé');
      do checkedAt = new Date(checkedAt.getTime() + CHECKED_EVERY_MS);
      while (!isPaid && checkedAt < now);
      now = checkedAt;
      return ended(StatutRetry.ENCAISSE, 'nouvelle présentation payée');
    }
    happens(REJET, 'supposé');
    siRejetDe = numero + 1;
    await reject();
    collecte = '';
    if (row!.statut !== String(StatutRetry.ARRETE))
      mail(row!.statut === String(StatutRetry.EPUISE) ? 'reessais-epuises' : 'reessai-echoue');
  }
}

/** "rejet du 2026-03-02 + 5 jours à 10:00, reporté au premier jour ouvré". */
function whyThen(submittedAt: Date, row: ScheduleRow, numero: number, schedule?: RetrySchedule): string {
  const isAskedFor = schedule?.tentatives.find((one) => one.numero === numero)?.demandee;
  if (isAskedFor) return 'date demandée';
  const { delaisJours, heureLimite } = readPolitique(row.politique);
  const from = dateInParis(countedFrom(row));
  const days = delaisJours[numero - row.tentativeInitiale]!;
  const moved = dateInParis(submittedAt) === addDays(from, days) ? '' : ', reporté au premier jour ouvré';
  return `${row.repriseAt ? 'reprise' : 'rejet'} du ${from} + ${days} jours à ${heureLimite}${moved}`;
}
