import { REFUSAL_RULES } from './refusal-rules.ts';

/** What a mail server refuses: who sends, whom it goes to, or this message. */
export type Refused = 'sender' | 'address' | 'message';

/**
 * Status codes that say that there is no such mailbox, whatever is sent (RFC 3463, 3.2 and 3.3; RFC 7505: 5.1.10): a
 * wrong name, domain or syntax, moved without a new address, disabled, a domain that cannot be routed to. A full
 * mailbox (5.2.2), a size (5.2.3), a policy or a blocklist (5.7.x) may be otherwise tomorrow, or be our own doing: one
 * blocklist would otherwise cut off every client at once.
 */
const NO_SUCH_MAILBOX = /^5\.(1\.(0|1|2|3|6|10)|2\.1|4\.4)$/;

/**
 * Status codes that leave room for the words beside them: of nothing in particular, or of addresses and routes. All
 * others are of something else, a policy or a content, which "unknown user" in a long text does not undo.
 */
const VAGUE = /^$|^[45]\.(\d{1,3}\.0|[0145]\.\d{1,3}|2\.1)$/;
/** Of the sender's address (RFC 3463, 3.2), which "no such domain" is of then, too. */
const OF_SENDER = /^[45]\.1\.[78]$/;

/** So much of a text says what is refused; rules are not tried on more. */
const READ_CHARACTERS = 2_000;

/** The status code in a reply, `550 5.1.1 no such user`; empty: none. */
export const enhancedCode = (words: string): string =>
  /^\W*[45]\d\d[ -]\W*([45]\.\d{1,3}\.\d{1,3})\b/.exec(words)?.[1] ?? '';

/**
 * Whether a refusal is of the address, by its status code and the mail server's words. The words refine the code: what
 * they say of us, of this message or of this moment counts whatever the code, and so does the code that they begin
 * with; "no such mailbox" counts where no code says something else.
 * @param code as the report has it; empty: none
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
 * What a reply refuses. Without a status code the reply to RCPT counts: 550, 551 and 553 are about the mailbox there
 * (RFC 5321, 4.2.3), unless the words say otherwise.
 * @param command that was answered; empty or other: the content was
 */
export function refusedBy(command: string, code: string, reply: number, words: string): Refused {
  if (command === 'MAIL FROM') return 'sender';
  const ofMailbox = !code && command === 'RCPT TO' && [550, 551, 553].includes(reply);
  return isOfAddress(ofMailbox ? '5.1.1' : code, words) ? 'address' : 'message';
}

/** An address in a text, whose names say nothing of a refusal. */
const ADDRESS = /[^\s<>:;,"'()]+@[^\s<>:;,"'()]+/g;

/**
 * A mail server's words, fit to be kept. Servers like to repeat the recipient, whole or without its domain; these words
 * end up in errors that others show and keep.
 */
export const withoutAddresses = (words: string, recipient = ''): string =>
  words
    .replace(ADDRESS, '…')
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
