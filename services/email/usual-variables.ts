import { dateInParis, penaltyRateInWords } from '@crm/domain';
import { type ConfigOf } from '@crm/kit';
import type { Societe } from '@crm/proto/organisations/organisations';
import type { mailSpec } from './mail-config.ts';
import { mentionsOf, senderOf } from './sender.ts';
import type { Variables } from './templates/variables.ts';

type Settings = ConfigOf<typeof mailSpec>;

/** The settings that e-mails' headers and texts name. */
export type MailWords = Pick<Settings, 'MAIL_FROM' | 'MAIL_SENDER_DOMAINS' | 'MAIL_CONTACT'> &
  Pick<Settings, 'MAIL_PAIEMENT' | 'MAIL_MENTIONS' | 'MAIL_PAGE_COORDONNEES' | 'TAUX_PENALITES'>;

/**
 * The variables that every template has without a caller's doing.
 * @param societe of the organisation; what it does not say, and all where there is none, is as the platform is set
 * @throws {RpcError} what `senderOf` says
 */
export const usualVariables = (words: MailWords, societe?: Societe): Variables => ({
  expediteur: senderOf(words, societe).name,
  contact: societe?.contact || words.MAIL_CONTACT,
  aujourdhui: dateInParis(new Date()),
  paiement: societe?.paiement || (words.MAIL_PAIEMENT ?? ''),
  tauxPenalites: penaltyRateInWords(words.TAUX_PENALITES),
  pageCoordonnees: words.MAIL_PAGE_COORDONNEES ?? '',
  mentions: mentionsOf(societe, words.MAIL_MENTIONS),
});
