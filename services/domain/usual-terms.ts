import { addDays } from './paris.ts';

/** Terms of payment where none are told, in days from an invoice's date, as the law has them (C. com. L441-10, I). */
export const TERM_DAYS = 30;

/**
 * When is due what does not say: an invoice so many days after its date, the first instalment of a contract so many
 * after its signature. Both YYYY-MM-DD.
 */
export const afterUsualTerm = (day: string): string => addDays(day, TERM_DAYS);

/** VAT where no rate is told, in hundredths of a percent: the French normal rate (CGI art. 278). */
export const NORMAL_VAT_RATE = 2000;
