import { dateInParis, penaltyRateInWords, type ConfigOf } from '@crm/kit';
import type { mailSpec } from './mail-config.ts';
import type { Variables } from './templates/variables.ts';

/** The settings that e-mails' texts name. */
export type MailWords = Pick<
  ConfigOf<typeof mailSpec>,
  'MAIL_FROM' | 'MAIL_CONTACT' | 'MAIL_PAIEMENT' | 'TAUX_PENALITES' | 'MAIL_PAGE_COORDONNEES'
>;

/** The variables that every template has without a caller's doing. */
export const usualVariables = (words: MailWords): Variables => ({
  expediteur: words.MAIL_FROM.name,
  contact: words.MAIL_CONTACT,
  aujourdhui: dateInParis(new Date()),
  paiement: words.MAIL_PAIEMENT,
  tauxPenalites: penaltyRateInWords(words.TAUX_PENALITES),
  pageCoordonnees: words.MAIL_PAGE_COORDONNEES ?? '',
});
