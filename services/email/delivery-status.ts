import { invalid } from '@crm/kit';
import type { Attachment } from 'mailparser';
import { fieldsOf, fieldsOfText, type HeaderField } from './mail-header.ts';
import { parseMail } from './parse-mail.ts';
import { diagnosticIn, readPlainBounce } from './plain-bounce.ts';
import type { RecipientStatus } from './recipient-status.ts';

/** The content of a delivery report. */
export type DeliveryStatus = {
  /**
   * The Message-IDs of the e-mail, without angle brackets: that of the returned copy, or else every one in
   * the report.
   */
  messageIds: string[];
  /** The result for each recipient. At least one. */
  recipients: RecipientStatus[];
};

/** The returned e-mail, or only its header (RFC 6522, 3; RFC 6533 for internationalised mail). */
const RETURNED = /^(message\/(rfc822|global)|text\/rfc822-headers|message\/global-headers)$/;
const REPORT = /^message\/(global-)?delivery-status$/;

/** The most Message-IDs that are read from a report. */
const MOST_IDS = 20;

/**
 * Reads a mail server's report about an e-mail: a delivery status notification (RFC 3464), or a text as
 * qmail, Exim, Sendmail and old gateways write it.
 * @param message the whole report as it arrived
 * @throws {RpcError} INVALID_ARGUMENT naming `rapport`: not a report, no result for any recipient, or no
 *   Message-ID
 */
export async function readDeliveryStatus(message: Uint8Array): Promise<DeliveryStatus> {
  const mail = await parseMail('rapport', message, { skipHtmlToText: true });
  const { attachments, headerLines, text = '' } = mail;
  const header = fieldsOf(headerLines);
  const part = (types: RegExp) => attachments.find(({ contentType }) => types.test(contentType));
  const report = part(REPORT);
  const returned = part(RETURNED);
  const plain = report ? undefined : readPlainBounce(header, text);
  if (!report && !plain) {
    throw invalid(
      'rapport',
      'must be a delivery report: RFC 3464, or a text as qmail, Exim or Sendmail write it',
    );
  }
  const mentioned = [...idsIn(header('in-reply-to')), ...idsIn(header('references'))];
  const messageIds = unique([
    ...(returned ? idsIn(messageIdField(textOf(returned))) : [...messageIdFields(text)]),
    ...(plain?.copy ? idsIn(messageIdField(plain.copy)) : []),
    ...mentioned.reverse(),
  ]);
  if (messageIds.length === 0) {
    throw invalid('rapport', 'must return the Message-ID of the e-mail that it is about');
  }
  const recipients = report ? recipientsOf(textOf(report), text) : plain!.recipients;
  if (recipients.length === 0) {
    throw invalid('rapport', 'must say of a recipient what became of the e-mail');
  }
  return { messageIds, recipients };
}

/** A Message-ID without its angle brackets. */
export const bareMessageId = (text: string): string => text.trim().replace(/^<|>$/g, '');

/**
 * The result for the recipient of an e-mail: for that address, or, if the mail was forwarded and another
 * address is named, for the first one that failed.
 */
export function statusOf({ recipients }: DeliveryStatus, destinataire: string): RecipientStatus {
  const named = recipients.filter(({ addresses }) => addresses.includes(destinataire.toLowerCase()));
  const concerned = named.length > 0 ? named : recipients;
  return concerned.find(({ failed }) => failed) ?? concerned[0]!;
}

/** The blocks about recipients. A block about the message should come first; some reports omit it. */
function recipientsOf(report: string, text: string): RecipientStatus[] {
  const recipients = report
    .trim()
    .split(/\n\s*\n/)
    .map(fieldsOfText)
    .filter((field) => OF_A_RECIPIENT.some(field))
    .map(toRecipient);
  // some reports give the reason only in the text for people
  return recipients.map((recipient) =>
    recipient.diagnostic
      ? recipient
      : {
          ...recipient,
          diagnostic: replyTo(recipient, text) || (recipients.length > 1 ? '' : diagnosticIn(text)),
        },
  );
}

/** The line with a recipient and a reply: "zoe@example.org: 550 5.1.1 no such user". */
const replyTo = ({ addresses }: RecipientStatus, text: string): string =>
  text
    .split('\n')
    .find((line) => /\b[45]\d\d[ -]/.test(line) && addresses.some((one) => line.toLowerCase().includes(one)))
    ?.replace(/^.*?(?=\b[45]\d\d[ -])/, '') ?? '';

const OF_A_RECIPIENT = ['final-recipient', 'original-recipient', 'action', 'status'];

function toRecipient(field: HeaderField): RecipientStatus {
  const told = /\b[245]\.\d{1,3}\.\d{1,3}\b/.exec(field('status'))?.[0] ?? '';
  const action = field('action').toLowerCase().split(/\s/)[0];
  // "smtp; 550 5.1.1 no such user": the type of the diagnostic is not needed
  const diagnostic = field('diagnostic-code').replace(/^[\w-]+\s*;\s*/, '');
  return {
    addresses: ['original-recipient', 'final-recipient'].flatMap((name) => {
      const address = field(name).replace(/^[\w-]+\s*;/, '');
      return address ? [bareMessageId(address).toLowerCase()] : [];
    }),
    failed: action ? action === 'failed' : (told || diagnostic).startsWith('5'),
    code: told,
    diagnostic,
  };
}

const textOf = ({ content }: Attachment): string => content.toString('utf8').replace(/\r\n?/g, '\n');

/** The Message-ID field of the header at the start of a text. */
const messageIdField = (text: string): string =>
  fieldsOfText(text.trimStart().split(/\n\n/)[0]!)('message-id');

/** The Message-ID fields anywhere in a text, quoted or not. */
const messageIdFields = (text: string): string[] =>
  [...text.matchAll(/^[\s>|]*message-id:\s*<([^<>\s]+)>/gim)].map(([, id]) => id!);

const idsIn = (field: string): string[] => [...field.matchAll(/<([^<>\s]+)>/g)].map(([, id]) => id!);

const unique = (ids: string[]): string[] => [...new Set(ids)].slice(0, MOST_IDS);
