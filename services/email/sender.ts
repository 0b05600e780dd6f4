import { legalMentions } from '@crm/domain';
import { failedPrecondition, type ConfigOf } from '@crm/kit';
import type { Societe } from '@crm/proto/organisations/organisations';
import type { mailSpec } from './mail-config.ts';

/** The sender of an e-mail, and where answers go; empty: to the sender. */
export type Sender = { name: string; address: string; replyTo: string };

/** The settings for senders. */
export type SenderWords = Pick<ConfigOf<typeof mailSpec>, 'MAIL_FROM' | 'MAIL_SENDER_DOMAINS'>;

/** A single address that is safe in a header: it cannot end the header or start another one. */
const ADDRESS = /^[^\s@<>()[\]\\,;:"\p{Cc}]+@[^\s@<>()[\]\\,;:"\p{Cc}]+$/u;

/**
 * The sender of an organisation's e-mails: its société's name and address, or else the platform's. If the
 * address is of a domain that the platform may not send for (`MAIL_SENDER_DOMAINS`), it only becomes the
 * Reply-To: mail servers would treat it as a forgery (DMARC, RFC 7489).
 * @throws {RpcError} FAILED_PRECONDITION EXPEDITEUR_INVALIDE: a value that would break the header is never
 *   sent
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

/** The legal notices at the foot of every e-mail. Empty: unknown. */
export const mentionsOf = (societe: Societe | undefined, usual: string | undefined): string =>
  societe ? legalMentions(societe).join('\u00a0· ') : (usual ?? '');
