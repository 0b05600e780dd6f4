import { createHash } from 'node:crypto';
import { dateInParis } from '@crm/domain';
import { EcheanceAgenda, GenreEcheance } from '@crm/proto/relance/agenda';
import { startOfDay } from '../next-send-time.ts';

/** Which days are looked at, and from when. Dates YYYY-MM-DD in Paris, both included. */
export type Window = { now: Date; du: string; au: string };

const GENRES = Object.values(GenreEcheance);

/** A line, with what it says left out at its zero value; what is past its time is late. */
export function line(window: Window, fields: Partial<EcheanceAgenda>): EcheanceAgenda {
  const { datePrevue, jourEntier } = fields;
  const today = dateInParis(window.now);
  const enRetard =
    datePrevue !== undefined && (jourEntier ? dateInParis(datePrevue) < today : datePrevue < window.now);
  return EcheanceAgenda.fromPartial({ enRetard, ...fields });
}

/** A line of a day, without an hour. */
export const lineOfDay = (window: Window, day: string, fields: Partial<EcheanceAgenda>): EcheanceAgenda =>
  line(window, { ...fields, datePrevue: startOfDay(day), jourEntier: true });

/** True where a line belongs to the days that are looked at: what is late does while today is, what has no date always. */
export function isWithin({ now, du, au }: Window, { datePrevue }: EcheanceAgenda): boolean {
  if (!datePrevue) return true;
  const today = dateInParis(now);
  const day = dateInParis(datePrevue);
  const comes = day < today ? today : day;
  return comes >= du && comes <= au;
}

/**
 * Orders lines by time, at one instant by their kind, and those of one invoice by their number; the same for the same
 * line in every call. Fits a page token.
 */
export function orderOf({ datePrevue, genre, ...of }: EcheanceAgenda): string {
  const at = String(datePrevue?.getTime() ?? Number.MAX_SAFE_INTEGER).padStart(16, '0');
  const ids = [of.invoiceId, of.paymentId, of.tacheId, of.clientId].join('/');
  const which = createHash('sha256').update(ids).digest('hex').slice(0, 16);
  return `${at}-${GENRES.indexOf(genre)}-${which}-${String(of.numero).padStart(2, '0')}`;
}
