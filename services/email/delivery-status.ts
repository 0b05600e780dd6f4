import { invalid } from '@crm/kit';
import type { Attachment, SimpleParserOptions } from 'mailparser';

/** What a report says of an e-mail. */
export type DeliveryStatus = {
  /** Of the e-mail that it is about, without the angle brackets. */
  messageId: string;
  /** False: it is delayed, or was delivered after all. */
  failed: boolean;
  /** RFC 3463; 5.0.0 where none is told. */
  code: string;
  /** In the mail server's words. */
  diagnostic: string;
};

/** Reports are for programs: nothing is made into HTML, and what they quote is not searched for links. */
const PLAINLY: SimpleParserOptions = {
  keepDeliveryStatus: true,
  skipHtmlToText: true,
  skipImageLinks: true,
  skipTextToHtml: true,
  skipTextLinks: true,
};

/** The returned e-mail, or its header alone (RFC 6522, 3; RFC 6533 for those with other letters). */
const RETURNED = /^(message\/(rfc822|global)|text\/rfc822-headers|message\/global-headers)$/;
const REPORT = /^message\/(global-)?delivery-status$/;

/**
 * Reads a delivery status notification: the whole message, `multipart/report; report-type=delivery-status` (RFC 3464).
 * @throws {RpcError} INVALID_ARGUMENT naming `rapport`: it is no such report, or returns nothing with a Message-ID
 */
export async function readDeliveryStatus(message: Uint8Array): Promise<DeliveryStatus> {
  // most processes never read one: it is loaded when the first comes
  const { simpleParser } = await import('mailparser');
  const { attachments } = await simpleParser(Buffer.from(message), PLAINLY);
  const part = (types: RegExp) => attachments.find(({ contentType }) => types.test(contentType));
  const report = part(REPORT);
  if (!report) throw invalid('rapport', 'must be a delivery status notification (RFC 3464)');
  const messageId = messageIdOf(part(RETURNED));
  if (!messageId) throw invalid('rapport', 'must return the Message-ID of the e-mail that it is about');
  // one block about the message, then one for each recipient: an e-mail of ours has one
  const [, ...recipients] = textOf(report)
    .trim()
    .split(/\n\s*\n/);
  const fields = recipients.map((block) => fieldsOf(block));
  const about = fields.find((field) => action(field) === 'failed') ?? fields[0];
  if (!about) throw invalid('rapport', 'must say of a recipient what became of the e-mail');
  const code = /\b[245]\.\d{1,3}\.\d{1,3}\b/.exec(about.get('status') ?? '')?.[0] ?? '5.0.0';
  return {
    messageId,
    failed: action(about) === 'failed',
    code,
    // "smtp; 550 5.1.1 no such user": the kind of the diagnostic is nobody's concern
    diagnostic: (about.get('diagnostic-code') ?? '').replace(/^[\w-]+\s*;\s*/, ''),
  };
}

/** A Message-ID without its angle brackets. */
export const bareMessageId = (text: string): string => text.trim().replace(/^<|>$/g, '');

const action = (fields: Map<string, string>) => fields.get('action')?.toLowerCase();

const textOf = ({ content }: Attachment): string => content.toString('utf8').replaceAll('\r\n', '\n');

function messageIdOf(returned: Attachment | undefined): string {
  if (!returned) return '';
  const [header = ''] = textOf(returned).trimStart().split(/\n\n/);
  const words = fieldsOf(header).get('message-id') ?? '';
  return /<([^<>\s]+)>/.exec(words)?.[1] ?? '';
}

/** The fields of a block by their names in lower case; a line that begins with white space goes on (RFC 5322, 2.2.3). */
function fieldsOf(block: string): Map<string, string> {
  const lines = block.replace(/\n[ \t]+/g, ' ').split('\n');
  return new Map(
    lines.flatMap((line) => {
      const [, name, value] = /^([\w-]+):\s*(.*)$/.exec(line) ?? [];
      return name ? [[name.toLowerCase(), value!.trim()] as const] : [];
    }),
  );
}
