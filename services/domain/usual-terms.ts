import { addDays } from './paris.ts';

/** The default terms of payment in days from an invoice's date, as in the law (C. com. L441-10, I). */
export const TERM_DAYS = 30;

/**
 * The default due date: of an invoice, this number of days after its date; of a contract's first instalment,
 * after its signature. Both YYYY-MM-DD.
 */
export const afterUsualTerm = (day: string): string => addDays(day, TERM_DAYS);

/** The default VAT rate in hundredths of a percent: the normal French rate (CGI art. 278). */
export const NORMAL_VAT_RATE = 2000;
