import { dateInParis, penaltyRateInWords } from '@crm/domain';
import { type ConfigOf } from '@crm/kit';
import type { Societe } from '@crm/proto/organisations/organisations';
import type { mailSpec } from './mail-config.ts';
import { mentionsOf, senderOf } from './sender.ts';
import type { Variables } from './templates/variables.ts';

type Settings = ConfigOf<typeof mailSpec>;

/** The settings for the headers and texts of e-mails. */
export type MailWords = Pick<Settings, 'MAIL_FROM' | 'MAIL_SENDER_DOMAINS' | 'MAIL_CONTACT'> &
  Pick<Settings, 'MAIL_PAIEMENT' | 'MAIL_MENTIONS' | 'MAIL_PAGE_COORDONNEES' | 'TAUX_PENALITES'>;

/**
 * The variables of every template that callers need not give.
 * @param societe the organisation's; the platform's settings fill in what it lacks
 * @throws {RpcError} the errors of `senderOf`
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
