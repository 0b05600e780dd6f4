import { invalid } from '@crm/kit';
import type { ParsedMail, SimpleParserOptions } from 'mailparser';

/** What comes in is for programs: nothing is made into HTML, and no text is searched for links. */
const PLAINLY: SimpleParserOptions = {
  keepDeliveryStatus: true,
  skipImageLinks: true,
  skipTextToHtml: true,
  skipTextLinks: true,
};

/**
 * Takes an e-mail apart. One with more headers, parts or levels than an e-mail has is refused, not tried again.
 * @param field of the request that it is
 * @throws {RpcError} INVALID_ARGUMENT naming the field
 */
export async function parseMail(
  field: string,
  message: Uint8Array,
  options: SimpleParserOptions = {},
): Promise<ParsedMail> {
  // most processes never read one: it is loaded when the first comes
  const { simpleParser } = await import('mailparser');
  try {
    return await simpleParser(Buffer.from(message), { ...PLAINLY, ...options });
  } catch (error) {
    throw invalid(field, `must be an e-mail: ${(error as Error).message.slice(0, 200)}`);
  }
}
