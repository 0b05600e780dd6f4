import { REFUSAL_RULES } from './refusal-rules.ts';

/** What a mail server refuses: the sender, the recipient's address, or this message. */
export type Refused = 'sender' | 'address' | 'message';

/**
 * Status codes for a mailbox that does not exist (RFC 3463, 3.2 and 3.3; RFC 7505: 5.1.10): wrong name,
 * domain or syntax, moved without a new address, disabled, domain not routable. Not among them are a full
 * mailbox (5.2.2), a size (5.2.3), a policy or a blocklist (5.7.x): these may change, or be our own fault,
 * and one blocklist would otherwise silence every client.
 */
const NO_SUCH_MAILBOX = /^5\.(1\.(0|1|2|3|6|10)|2\.1|4\.4)$/;

/**
 * Status codes that are unspecific, or about addresses and routing: only with these do the words "no such
 * mailbox" count. Other codes mean something else, a policy or the content, even if a long text contains
 * "unknown user".
 */
const VAGUE = /^$|^[45]\.(\d{1,3}\.0|[0145]\.\d{1,3}|2\.1)$/;
/**
 * Status codes about the sender's address (RFC 3463, 3.2). "No such domain" is then about the sender, too.
 */
const OF_SENDER = /^[45]\.1\.[78]$/;

/** The most characters of a text that rules are tried on. */
const READ_CHARACTERS = 2_000;

/** The status code in a reply such as `550 5.1.1 no such user`. Empty: none. */
export const enhancedCode = (words: string): string =>
  /^\W*[45]\d\d[ -]\W*([45]\.\d{1,3}\.\d{1,3})\b/.exec(words)?.[1] ?? '';

/**
 * Whether the address itself is refused, by status code and words. Words about us, this message or this
 * moment count more than the code, and so does a code at the start of the words. "No such mailbox" counts
 * only if no code says something else.
 * @param code from the report; empty: none
 */
export function isOfAddress(code: string, words = ''): boolean {
  const text = words.slice(0, READ_CHARACTERS).replace(ADDRESS, '…');
  const rule = REFUSAL_RULES.find((one) => one.words.test(text));
  if (rule?.refuses === 'message') return false;
  if (rule?.whateverStatus) return true;
  const codes = [enhancedCode(words), code];
  if (codes.some((one) => OF_SENDER.test(one) || (!VAGUE.test(one) && !NO_SUCH_MAILBOX.test(one))))
    return false;
  return rule !== undefined || codes.some((one) => NO_SUCH_MAILBOX.test(one));
}

/**
 * What a reply refuses. Without a status code the reply to RCPT decides: 550, 551 and 553 are about the
 * mailbox there (RFC 5321, 4.2.3), unless the words say otherwise.
 * @param command the answered command; anything else means the content
 */
export function refusedBy(command: string, code: string, reply: number, words: string): Refused {
  if (command === 'MAIL FROM') return 'sender';
  const ofMailbox = !code && command === 'RCPT TO' && [550, 551, 553].includes(reply);
  return isOfAddress(ofMailbox ? '5.1.1' : code, words) ? 'address' : 'message';
}

/** An address in a text; its parts say nothing about a refusal. */
const ADDRESS = /[^\s<>:;,"'()]+@[^\s<>:;,"'()]+/g;

/**
 * A mail server's words without addresses. Servers often repeat the recipient, with or without the domain,
 * and these words are stored, shown and logged.
 */
export const withoutAddresses = (words: string, recipient = ''): string =>
  words
    .replace(ADDRESS, '…')
    .split(localPart(recipient) || '\0')
    .join('…')
    .replace(/[\p{Cc}\u2028-\u202e\u2066-\u2069]+/gu, ' ')
    .slice(0, 500)
    .trim();

/**
 * The part of an address that names a person. A very short one is not removed, because it would take letters
 * out of words.
 */
const localPart = (address: string): string => {
  const local = address.slice(0, Math.max(0, address.lastIndexOf('@')));
  return local.length > 3 ? local : '';
};
