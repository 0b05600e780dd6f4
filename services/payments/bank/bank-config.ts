import { isValidBIC, isValidIBAN } from 'ibantools';
import { makeValidator, str } from 'envalid';
import { parseIbanKeys } from './iban-cipher.ts';

const iban = makeValidator((input: string): string => {
  const compact = input.replace(/\s/g, '');
  if (!isValidIBAN(compact)) throw new Error('not an IBAN');
  return compact;
});

const bic = makeValidator((input: string): string => {
  if (!isValidBIC(input)) throw new Error('not a BIC');
  return input;
});

/** SEPA creditor identifier (EPC262-08): country, check digits, business code, national identifier. */
const creditorId = makeValidator((input: string): string => {
  if (!/^[A-Z]{2}\d{2}[A-Z0-9]{3}[A-Z0-9]{1,28}$/.test(input)) throw new Error('not a creditor identifier');
  return input;
});

/** What the payments service is told of the bank. */
export const bankSpec = {
  BANK_DIR: str({
    default: '.data/bank',
    desc: 'Folder shared with the bank: files for it go to outbox/, its reports are put into inbox/',
  }),
  IBAN_KEYS: makeValidator(parseIbanKeys)({
    desc: 'Keys that encrypt IBANs: name:32 bytes in base64, separated by commas; the first encrypts, all decrypt',
  }),
  CREANCIER_NOM: str({ default: 'Suivi', desc: 'Creditor of direct debits: its name' }),
  CREANCIER_IBAN: iban({
    default: '',
    desc: 'Creditor of direct debits: its IBAN; without one nothing can be presented',
  }),
  CREANCIER_BIC: bic({ default: '', desc: 'Creditor of direct debits: its BIC' }),
  CREANCIER_ICS: creditorId({ default: '', desc: 'Creditor of direct debits: its SEPA creditor identifier' }),
};
