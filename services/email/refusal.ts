/** What a mail server refuses: who sends, whom it goes to, or this message. */
export type Refused = 'sender' | 'address' | 'message';

/**
 * Status codes that say that there is no such mailbox, whatever is sent (RFC 3463, 3.2 and 3.3; RFC 7505: 5.1.10): a
 * wrong name, domain or syntax, moved without a new address, disabled, a domain that cannot be routed to. A full
 * mailbox (5.2.2), a size (5.2.3), a policy or a blocklist (5.7.x) may be otherwise tomorrow, or be our own doing: one
 * blocklist would otherwise cut off every client at once.
 */
const NO_SUCH_MAILBOX = /^5\.(1\.(0|1|2|3|6|10)|2\.1|4\.4)$/;

/** Whether a status code is about the address. */
export const isOfAddress = (code: string): boolean => NO_SUCH_MAILBOX.test(code);

/** The status code in a reply, `550 5.1.1 no such user`; empty: none. */
export const enhancedCode = (words: string): string =>
  /^[45]\d\d[ -]([45]\.\d{1,3}\.\d{1,3})\b/.exec(words)?.[1] ?? '';

/**
 * What a reply refuses. Without a status code the reply to RCPT counts: 550, 551 and 553 are about the mailbox there
 * (RFC 5321, 4.2.3).
 * @param command that was answered; empty or other: the content was
 */
export function refusedBy(command: string, code: string, reply: number): Refused {
  if (command === 'MAIL FROM') return 'sender';
  if (code) return isOfAddress(code) ? 'address' : 'message';
  return command === 'RCPT TO' && [550, 551, 553].includes(reply) ? 'address' : 'message';
}

/**
 * A mail server's words, fit to be kept. Servers like to repeat the recipient, whole or without its domain; these words
 * end up in errors that others show and keep.
 */
export const withoutAddresses = (words: string, recipient = ''): string =>
  words
    .replace(/[^\s<>:;,"'()]+@[^\s<>:;,"'()]+/g, '…')
    .split(localPart(recipient) || '\0')
    .join('…')
    .replace(/[\p{Cc}\u2028-\u202e\u2066-\u2069]+/gu, ' ')
    .slice(0, 500)
    .trim();

/** What names a person in an address; a short one would take letters out of words. */
const localPart = (address: string): string => {
  const local = address.slice(0, Math.max(0, address.lastIndexOf('@')));
  return local.length > 3 ? local : '';
};
