import { legalMentions } from '@crm/domain';
import { failedPrecondition, type ConfigOf } from '@crm/kit';
import type { Societe } from '@crm/proto/organisations/organisations';
import type { mailSpec } from './mail-config.ts';

/** Whom an e-mail comes from, and where answers to it go; empty: to whom it comes from. */
export type Sender = { name: string; address: string; replyTo: string };

/** Which senders there may be. */
export type SenderWords = Pick<ConfigOf<typeof mailSpec>, 'MAIL_FROM' | 'MAIL_SENDER_DOMAINS'>;

/** One address as it may stand in a header: nothing that ends it, and nothing that begins another one. */
const ADDRESS = /^[^\s@<>()[\]\\,;:"\p{Cc}]+@[^\s@<>()[\]\\,;:"\p{Cc}]+$/u;

/**
 * Who signs an organisation's e-mails: its société, under its own name and address; what it does not say is as the
 * platform is set. An address of a domain from which the platform may not send (`MAIL_SENDER_DOMAINS`) gets the
 * answers only: mail servers would take such a mail for a forgery (DMARC, RFC 7489).
 * @throws {RpcError} FAILED_PRECONDITION EXPEDITEUR_INVALIDE: what would be a header of its own is never sent
 */
export function senderOf(words: SenderWords, societe: Societe | undefined): Sender {
  const { MAIL_FROM, MAIL_SENDER_DOMAINS: domains } = words;
  if (!societe) return { ...MAIL_FROM, replyTo: '' };
  const own = societe.expediteurAdresse;
  const domain = own.slice(own.lastIndexOf('@') + 1).toLowerCase();
  const mayFrom = own !== '' && (domains.length === 0 || domains.includes(domain));
  const sender = {
    name: societe.expediteurNom || societe.raisonSociale || MAIL_FROM.name,
    address: mayFrom ? own : MAIL_FROM.address,
    replyTo: societe.replyTo || (mayFrom ? '' : own),
  };
  const faults = [
    /[\p{Cc}\u2028\u2029]/u.test(sender.name) && 'expediteurNom',
    own && !ADDRESS.test(own) && 'expediteurAdresse',
    sender.replyTo && !ADDRESS.test(sender.replyTo) && 'replyTo',
  ].filter(Boolean);
  if (faults.length) {
    throw failedPrecondition(
      'EXPEDITEUR_INVALIDE',
      `${faults.join(', ')} of société ${societe.id} cannot stand in a header: change it first`,
    );
  }
  return sender;
}

/** The mentions at the foot of every e-mail; empty: none are known. */
export const mentionsOf = (societe: Societe | undefined, usual: string | undefined): string =>
  societe ? legalMentions(societe).join('\u00a0· ') : (usual ?? '');
