import { isValidBIC, isValidIBAN } from 'ibantools';
import { makeValidator, num, str } from 'envalid';
import { isCreditorId } from './creditors/creditor-id.ts';
import { parseSecretKeys } from '@crm/kit/secrets';

const iban = makeValidator((input: string): string => {
  const compact = input.replace(/\s/g, '');
  if (!isValidIBAN(compact)) throw new Error('not an IBAN');
  return compact;
});

const bic = makeValidator((input: string): string => {
  if (!isValidBIC(input)) throw new Error('not a BIC');
  return input;
});

const creditorId = makeValidator((input: string): string => {
  const compact = input.replace(/\s/g, '');
  if (!isCreditorId(compact)) throw new Error('not a creditor identifier');
  return compact;
});

/** The payments service's settings for the bank: folder, keys, creditor. */
export const bankSpec = {
  BANK_DIR: str({
    default: '.data/bank',
    desc: 'Folder shared with the bank: files for it go to outbox/, its reports are put into inbox/',
  }),
  BANK_REFUSED_MAX_MB: num({
    default: 1024,
    desc: 'Refused reports are kept up to so many MB in all; then the oldest are deleted',
  }),
  IBAN_KEYS: makeValidator(parseSecretKeys)({
    desc: 'Keys that encrypt IBANs: name:32 bytes in base64, separated by commas; the first encrypts, all decrypt',
  }),
  CREANCIER_NOM: str({
    default: 'Suivi',
    desc: 'Name of the creditor for organisations with neither a creditor of their own nor a société; also the sender of files with several creditors',
  }),
  CREANCIER_IBAN: iban({
    default: '',
    desc: 'IBAN of that creditor; without it only organisations with a creditor of their own can present debits',
  }),
  CREANCIER_BIC: bic({ default: '', desc: 'BIC of that creditor' }),
  CREANCIER_ICS: creditorId({ default: '', desc: 'SEPA creditor identifier of that creditor' }),
};
