import { createHash } from 'node:crypto';
import { dateInParis, startOfDay } from '@crm/domain';
import { EcheanceAgenda, GenreEcheance } from '@crm/proto/relance/agenda';

/** The days of an agenda, YYYY-MM-DD in Paris, both included; and the present instant. */
export type Window = { now: Date; du: string; au: string };

const GENRES = Object.values(GenreEcheance);

/** Makes an entry; omitted fields are empty. An entry whose time has passed is late. */
export function line(window: Window, fields: Partial<EcheanceAgenda>): EcheanceAgenda {
  const { datePrevue, jourEntier } = fields;
  const today = dateInParis(window.now);
  const enRetard =
    datePrevue !== undefined && (jourEntier ? dateInParis(datePrevue) < today : datePrevue < window.now);
  return EcheanceAgenda.fromPartial({ enRetard, ...fields });
}

/** Makes an entry for a day without an hour. */
export const lineOfDay = (window: Window, day: string, fields: Partial<EcheanceAgenda>): EcheanceAgenda =>
  line(window, { ...fields, datePrevue: startOfDay(day), jourEntier: true });

/** Whether an entry is within the days. Late entries belong to today, entries without a date to any days. */
export function isWithin({ now, du, au }: Window, { datePrevue }: EcheanceAgenda): boolean {
  if (!datePrevue) return true;
  const today = dateInParis(now);
  const day = dateInParis(datePrevue);
  const comes = day < today ? today : day;
  return comes >= du && comes <= au;
}

/**
 * The sort key of an entry: time, then kind, then number. The same entry has the same key in every call. Fits
 * into a page token.
 */
export function orderOf({ datePrevue, genre, ...of }: EcheanceAgenda): string {
  const at = datePrevue ? orderFrom(datePrevue) : UNDATED;
  const ids = [of.invoiceId, of.paymentId, of.tacheId, of.clientId, of.attenteId].join('/');
  const which = createHash('sha256').update(ids).digest('hex').slice(0, 16);
  return `${at}-${GENRES.indexOf(genre)}-${which}-${String(of.numero).padStart(2, '0')}`;
}

/** Sort keys of entries at an instant or later are not less than this; those of earlier ones are less. */
export const orderFrom = (at: Date): string => String(at.getTime()).padStart(16, '0');

/** Sort keys of entries without a date are not less than this; those of all others are less. */
export const UNDATED = String(Number.MAX_SAFE_INTEGER);

/** The day of a sort key, YYYY-MM-DD in Paris. Undefined: without a date. */
export const dayOfOrder = (order: string): string | undefined =>
  order < UNDATED ? dateInParis(new Date(Number(order.slice(0, 16)))) : undefined;
