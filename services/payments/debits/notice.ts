import { addDays, dateInParis, formatDate } from '@crm/domain';
import type { DueDebit } from './due-payments.ts';

/**
 * If a debit is presented this many days after the date that the client was told, the client counts as not
 * told.
 */
const LATE_DAYS = 30;

/** The data that shows whether a client was told in time. */
export type Told = Pick<
  DueDebit,
  | 'tentative'
  | 'scheduleId'
  | 'datePrevue'
  | 'prenotifiePour'
  | 'prenotifieAt'
  | 'createdAt'
  | 'prenotificationJours'
  | 'rum'
>;

/**
 * Why a debit lacks the notice that its mandate requires (EPC016-06, 4.4), in French; undefined if the notice
 * was given. Retries are announced by their own workflow, two days before, and pass. A client who was told
 * before Suivi stored the instant counts as told in time.
 */
export function missingNotice(debit: Told, dateCollecte: string): string | undefined {
  const { prenotifiePour: told, prenotifieAt, prenotificationJours: days, datePrevue, rum } = debit;
  if (debit.tentative > 1) return undefined;
  const agreed = `le mandat ${rum} prévoit ${days} jour${days > 1 ? 's' : ''}`;
  if (told === '' || (told !== datePrevue && told !== dateCollecte)) {
    return `Le client n’a pas été prévenu du prélèvement du ${formatDate(datePrevue)} ; ${agreed}.`;
  }
  if (dateCollecte > addDays(told, LATE_DAYS)) {
    return `Le client a été prévenu pour le ${formatDate(told)}, soit plus de ${LATE_DAYS} jours avant la collecte.`;
  }
  if (!prenotifieAt) return undefined;
  const earliest = addDays(dateInParis(prenotifieAt), days);
  if (dateCollecte >= earliest) return undefined;
  return `Le client a été prévenu le ${formatDate(prenotifieAt)} ; ${agreed}, donc pas avant le ${formatDate(earliest)}.`;
}

/**
 * Whether a single debit was planned after its collection day had passed. Nobody could be told in time, and
 * its planner was warned. It does not apply to instalments of contracts, because no person plans them.
 */
export const wasPlannedTooLate = ({ scheduleId, createdAt }: Told, dateCollecte: string): boolean =>
  scheduleId === '' && dateCollecte < dateInParis(createdAt);
