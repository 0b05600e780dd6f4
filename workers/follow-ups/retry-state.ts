import { formatInstant } from '@crm/domain';
import { StatutRetry, StatutTentative, type RetrySchedule } from '@crm/proto/retry/retry';
import type { RetryState } from '@crm/workflows/retry-state';

const inWordsOf = (at: Date | undefined): string | undefined => at && formatInstant(at);

/** The schedule as its workflow sees it. */
export function retryState(schedule: RetrySchedule): RetryState {
  const { statut, version, tentatives, prochaineAt, annonceAt, motifFin } = schedule;
  const current = tentatives.find((attempt) => attempt.statut === currentStatut(statut));
  const rejected = tentatives.findLast(
    ({ statut, numero }) => statut === StatutTentative.REJETEE && numero >= schedule.tentativeInitiale,
  );
  return {
    statut: statut as RetryState['statut'],
    version,
    numero: current?.numero ?? 0,
    prochaineAt: prochaineAt?.toISOString(),
    annonceAt: annonceAt?.toISOString(),
    silenceAt: statut === StatutRetry.EN_COURS ? current?.silenceAt?.toISOString() : undefined,
    rejected: rejected
      ? { numero: rejected.numero, motif: rejected.motifRejet, at: schedule.rejeteAt?.toISOString() }
      : first(schedule),
    prenotify: statut === StatutRetry.PLANIFIE && schedule.repriseAt !== undefined && !rejected,
    quand: inWordsOf(prochaineAt) ?? '',
    annonceQuand: inWordsOf(annonceAt),
    silenceQuand: statut === StatutRetry.EN_COURS ? inWordsOf(current?.silenceAt) : undefined,
    motifFin,
  };
}

/**
 * The number of the first retry. Retries that restarted because of a rejection, after new bank details,
 * follow the rejection of a retry too; those that a person continued with another mandate follow none that
 * the client has not been told of.
 */
const first = ({
  tentativeInitiale,
  motifRejet,
  dateRejet,
  repriseAt,
}: RetrySchedule): RetryState['rejected'] =>
  tentativeInitiale > 1 && !repriseAt
    ? { numero: tentativeInitiale - 1, motif: motifRejet, at: dateRejet?.toISOString() }
    : undefined;

/** The state of the attempt that is planned or with the bank. */
const currentStatut = (statut: StatutRetry): StatutTentative | undefined =>
  statut === StatutRetry.PLANIFIE
    ? StatutTentative.PREVUE
    : statut === StatutRetry.EN_COURS
      ? StatutTentative.SOUMISE
      : undefined;
