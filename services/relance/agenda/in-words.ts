import { formatDate, formatDays } from '@crm/domain';

/**
 * An ISO 8601 duration in words: "7 jours", "1 jour". Durations of hours or less are returned as they are.
 */
export function durationInWords(delai: string): string {
  const days = /^P(\d+)D$/.exec(delai)?.[1];
  return days ? formatDays(Number(days)) : delai;
}

/** "du 15 mai 2026"; empty if the date is unknown. */
export const ofDay = (date: string | Date | undefined): string => (date ? ` du ${formatDate(date)}` : '');
