/** Instants are those of Paris, wherever the reader is. */
export const PARIS = 'Europe/Paris';

/** Noon in UTC is the same day in Paris. */
export const noonOf = (calendarDate: string): Date => new Date(`${calendarDate}T12:00:00Z`);

/** The day in Paris, `2026-11-28`. */
export const dayOf = (at: Date): string =>
  new Intl.DateTimeFormat('en-CA', {
    timeZone: PARIS,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  }).format(at);

export const today = (): string => dayOf(new Date());

/** The day so many days after another one. */
export function daysAfter(calendarDate: string, days: number): string {
  const noon = noonOf(calendarDate);
  noon.setUTCDate(noon.getUTCDate() + days);
  return noon.toISOString().slice(0, 10);
}

/** The whole days from one day to another. */
export const daysBetween = (from: string, to: string): number =>
  Math.round((noonOf(to).getTime() - noonOf(from).getTime()) / 86_400_000);
