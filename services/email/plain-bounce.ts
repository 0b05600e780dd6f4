import type { HeaderField } from './mail-header.ts';
import type { RecipientStatus } from './recipient-status.ts';

/** The senders of such reports. */
const MAIL_SYSTEM = /mailer-daemon|postmaster|mail delivery (sub)?system|system administrator/i;

/** The line between the report and the returned e-mail. */
const COPY =
  /^[ \t]*(-{2,}|=+)[ \t]*(below this line is a copy|this is a copy|(original|unsent|returned|bounced|undelivered) (message|mail)|message (header|text)|forwarded message|header of the original|copy of)[^\n]*$|^ *below is a copy of the original message|^received: ?|^return-path: ?|^message-id: ?/im;

/** The words that identify such a report. */
const FAILED =
  /this is the qmail-send program|could ?n.t be delivered|could not be delivered|not able to deliver|wasn.t able to deliver|unable to deliver|permanent (fatal )?error|delivery (to the following|has failed|failed|failure)|undeliver|error has occurred while attempting to deliver|did not reach the following|failure notice|returned mail|mail delivery failed|transcript of session|n.a pas (pu être|été) (remis|délivré|distribué)/i;
const DELAYED =
  /has not (yet )?been delivered|warning: message .* delayed|delayed|still being retried|temporary failure report|will (be retried|keep trying)/i;

/** The content of a plain-text report. */
export type PlainBounce = {
  /** One recipient: such reports do not say which words are about which address. */
  recipients: RecipientStatus[];
  /** The returned e-mail, from its first line on. */
  copy: string;
};

/**
 * Reads a plain-text report as qmail (QSBMF), Exim, Sendmail before RFC 3464 and some gateways write it.
 * @returns undefined if it is none: not from a mail system, or no word of a failure or delay
 */
export function readPlainBounce(header: HeaderField, text: string): PlainBounce | undefined {
  const failedRecipients = header('x-failed-recipients');
  if (!failedRecipients && !MAIL_SYSTEM.test(header('from'))) return undefined;
  const at = COPY.exec(text);
  const said = at ? text.slice(0, at.index) : text;
  const about = `${header('subject')}\n${said}`;
  const isDelayed = DELAYED.test(about) && !/permanent|given up/i.test(said);
  if (!isDelayed && !FAILED.test(about)) return undefined;
  const diagnostic = diagnosticIn(said);
  const code = /[(#\s]([45]\.\d{1,3}\.\d{1,3})\b/.exec(` ${diagnostic}`)?.[1] ?? '';
  const addresses = [...failedRecipients.matchAll(/[^\s,<>]+@[^\s,<>]+/g)].map(([one]) => one.toLowerCase());
  const returned = at ? text.slice(at.index).replace(/^[ \t]*([-=]{2,}|below)[^\n]*\n+/i, '') : '';
  return {
    recipients: [{ addresses, failed: !isDelayed, code, diagnostic }],
    copy: returned.split('\n').map(unquoted).join('\n'),
  };
}

const unquoted = (line: string): string => line.replace(/^ {1,4}(?=[\w-]+:)/, '');

/**
 * The mail server's words: the repeated reply, up to the end of its paragraph; or else the last paragraph
 * with an address, and the one after it.
 */
export function diagnosticIn(said: string): string {
  const reply = /\b5\d\d[ -]+#?(?:[45]\.\d{1,3}\.\d{1,3}|[A-Za-z<"'])[^]*?(?=\n\s*\n|$)/.exec(said)?.[0];
  const paragraphs = said
    .split(/\n\s*\n/)
    .map((one) => one.trim())
    .filter(Boolean);
  const named = paragraphs.findLastIndex((one) => one.includes('@'));
  return (reply ?? paragraphs.slice(named).slice(0, 2).join(' ')).replace(/\s+/g, ' ').trim();
}
