import { formatInstant } from './format-french.ts';

/**
 * "1re présentation", "2e présentation": of a debit to the bank, counted as `Payment.tentative` is. The first retry
 * (`RetryAttempt.numero` 1) is the second presentation.
 */
export const presentationInWords = (tentative: number): string =>
  `${tentative}${tentative === 1 ? 're' : 'e'} présentation`;

/** "2e présentation: 9 mars 2026 à 10:00 -> 12 mars 2026 à 10:00", for histories. `tentative` as above. */
export const presentationMoved = (
  tentative: number,
  from: Date | null | undefined,
  to: Date | null | undefined,
): string => `${presentationInWords(tentative)}: ${instant(from)} -> ${instant(to)}`;

const instant = (at: Date | null | undefined): string => (at ? formatInstant(at) : 'sans date');
