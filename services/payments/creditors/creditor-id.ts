import SEPA from 'sepa';

/**
 * Whether a text is a SEPA creditor identifier (EPC262-08): country, check digits, business code, national identifier,
 * 35 characters at most. The check digits are of ISO 7064 mod 97-10 over all but the business code, which the creditor
 * is free to choose.
 */
export const isCreditorId = (text: string): boolean =>
  /^[A-Z]{2}\d{2}[A-Z0-9]{3}[A-Z0-9]{1,28}$/.test(text) && SEPA.validateCreditorID(text);
