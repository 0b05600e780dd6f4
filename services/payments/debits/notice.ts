import { dateInParis, formatDate } from '@crm/domain';
import { Temporal } from 'temporal-polyfill';
import type { DueDebit } from './due-payments.ts';

/** A debit that is presented so many days later than its client was told is one that the client was not told of. */
const LATE_DAYS = 30;

/** What of a debit says whether its client was told of it in time. */
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
 * Why a debit lacks the notice that its mandate agrees on (EPC016-06, 4.4), in French; undefined where it was kept. What is
 * presented again after a rejection is announced by its retries, two days before. A client who was told before `told at` was
 * kept was told in time.
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
 * Whether the day of a collection had passed already when somebody planned this single debit: nobody could be told of it
 * any more, and whoever planned it was warned. Instalments of contracts are not planned by anybody's hand.
 */
export const wasPlannedTooLate = ({ scheduleId, createdAt }: Told, dateCollecte: string): boolean =>
  scheduleId === '' && dateCollecte < dateInParis(createdAt);

const addDays = (day: string, days: number): string => Temporal.PlainDate.from(day).add({ days }).toString();
