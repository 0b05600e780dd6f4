import { addDays, FORMAL_NOTICE, inParis, startOfDay } from '@crm/domain';
import { BaseRelance, type CanalRelance } from '@crm/proto/relance/relance';
import { Temporal } from 'temporal-polyfill';
import type { SendingHours } from './next-send-time.ts';

/** The rule of a level. */
export type Level = SendingHours & {
  niveau: number;
  base: BaseRelance;
  delai: string;
  canal: CanalRelance;
  /** The template of a mail; a letter is a formal notice, a call has none. */
  modele: string;
  /** Sent although a debit under way covers the invoice. */
  malgrePrelevement: boolean;
  /** In cents: left out if less is asked for. */
  montantMinimum: number;
};

/** The dates of an invoice that levels count from. */
export type InvoiceDates = {
  /** YYYY-MM-DD, Europe/Paris. */
  dateFacture: string;
  dateEcheance: string;
  /** When the invoice was issued, if known. */
  emiseAt?: Date | undefined;
};

/**
 * When a level is due, before opening hours are applied. Days are calendar days in Paris from the beginning
 * of the base date. A delay of hours or less counts from the instant of issue, if that was on the base date.
 * A formal notice is due on the day after the due date at the earliest.
 */
export function dueAt(level: Pick<Level, 'base' | 'delai' | 'modele'>, invoice: InvoiceDates): Date {
  const due = byDelay(level, invoice);
  return level.modele === FORMAL_NOTICE ? notBefore(overdueFrom(invoice), due) : due;
}

/** The instant from which an invoice is overdue: the beginning of the day after its due date, in Paris. */
export const overdueFrom = ({ dateEcheance }: Pick<InvoiceDates, 'dateEcheance'>): Date =>
  startOfDay(addDays(dateEcheance, 1));

export const notBefore = (earliest: Date, at: Date): Date => (at < earliest ? earliest : at);

function byDelay({ base, delai }: Pick<Level, 'base' | 'delai'>, invoice: InvoiceDates): Date {
  const date = base === BaseRelance.DATE_ECHEANCE ? invoice.dateEcheance : invoice.dateFacture;
  const { hours, minutes, seconds } = Temporal.Duration.from(delai);
  const issued = invoice.emiseAt && inParis(invoice.emiseAt);
  const fromIssue = hours + minutes + seconds > 0 && issued?.toPlainDate().toString() === date;
  const start = fromIssue ? issued : inParis(startOfDay(date));
  return new Date(start.add(delai).epochMilliseconds);
}
