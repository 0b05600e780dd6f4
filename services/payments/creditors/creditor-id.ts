import SEPA from 'sepa';

/**
 * Whether a text is a SEPA creditor identifier (EPC262-08): country, check digits, business code, national
 * identifier; at most 35 characters. The check digits follow ISO 7064 mod 97-10 and leave out the business
 * code, which the creditor chooses.
 */
export const isCreditorId = (text: string): boolean =>
  /^[A-Z]{2}\d{2}[A-Z0-9]{3}[A-Z0-9]{1,28}$/.test(text) && SEPA.validateCreditorID(text);
