import { cutText, invalid } from '@crm/kit';
import type { ParsedMail, SimpleParserOptions } from 'mailparser';

/** Incoming mails are only read by programs: no HTML is generated, and no links are searched for. */
const PLAINLY: SimpleParserOptions = {
  keepDeliveryStatus: true,
  skipImageLinks: true,
  skipTextToHtml: true,
  skipTextLinks: true,
};

/**
 * Parses an e-mail. One with an excessive number of headers, parts or levels is refused, because another try
 * would fail too.
 * @param field the request field, for the error
 * @throws {RpcError} INVALID_ARGUMENT naming the field
 */
export async function parseMail(
  field: string,
  message: Uint8Array,
  options: SimpleParserOptions = {},
): Promise<ParsedMail> {
  // loaded on first use: most processes never read a mail
  const { simpleParser } = await import('mailparser');
  try {
    return await simpleParser(Buffer.from(message), { ...PLAINLY, ...options });
  } catch (error) {
    throw invalid(field, `must be an e-mail: ${cutText((error as Error).message, 200)}`);
  }
}
