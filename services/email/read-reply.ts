import { cutText, invalid } from '@crm/kit';
import { createHash } from 'node:crypto';
import { addressIn, fieldsOf } from './mail-header.ts';
import { parseMail } from './parse-mail.ts';
import { replyOfAMachine } from './reply-of-a-machine.ts';

/** The content of an e-mail that may answer one of ours. */
export type Reply = {
  /** Its Message-ID, or a digest if it has none. At most 255 characters. */
  cle: string;
  /** The Message-IDs in our form that it answers, nearest first. */
  answers: string[];
  /** Why it is an automatic answer. Empty: a person wrote it. */
  raison: string;
  /** The address in its From. */
  de: string;
  sujet: string;
  /** The beginning of the written text, without quotations. */
  texte: string;
};

/** The most characters (code points) of a stored text. */
const TEXT_CHARACTERS = 2_000;
/** The most characters that are searched for the start of a quotation. */
const READ_CHARACTERS = 10_000;
const SUBJECT_CHARACTERS = 200;
/** The most answered e-mails that are looked up, nearest first. */
const MOST_ANSWERED = 1_000;

/** Types of content that cannot be read here. */
const SEALED = /^(multipart\/encrypted|application\/(x-)?pkcs7-mime|application\/pgp-encrypted)\b/;

/**
 * Reads an e-mail. Anybody may have written it, so nothing in it is trusted, and all texts are cut.
 * @param message as it arrived, or its beginning
 * @throws {RpcError} INVALID_ARGUMENT naming `message`: no header, or a delivery report
 */
export async function readReply(message: Uint8Array): Promise<Reply> {
  const mail = await parseMail('message', message, { maxHtmlLengthToParse: LONGEST_HTML });
  const { headerLines, attachments } = mail;
  if (!headerLines.some(({ key }) => key)) throw invalid('message', 'must be an e-mail');
  const field = fieldsOf(headerLines);
  const type = field('content-type').toLowerCase();
  const parts = [type, ...attachments.map((one) => partType(one))];
  if (parts.some((part) => /^message\/(global-)?delivery-status\b/.test(part))) {
    throw invalid('message', 'must not be a delivery report: RecordBounce takes those');
  }
  const isSealed = parts.some((part) => SEALED.test(part));
  const written = await withoutQuotation(mail.text ?? '');
  const sujet = cutText(oneLine(mail.subject ?? ''), SUBJECT_CHARACTERS);
  const raison = replyOfAMachine({ field, subject: sujet, text: written, parts });
  return {
    cle: keyOf(field('message-id'), message),
    answers: answeredBy(field('in-reply-to'), field('references')),
    raison,
    de: oneLine(addressIn(field('from'))),
    sujet,
    texte: raison ? '' : written || (isSealed ? '(message chiffré: à lire dans la boîte aux lettres)' : ''),
  };
}

/** Longer HTML is not converted to text. */
const LONGEST_HTML = 200_000;

const partType = ({
  contentType,
  headers,
}: {
  contentType: string;
  headers: Map<string, unknown>;
}): string => {
  const { params } = (headers.get('content-type') ?? {}) as { params?: Record<string, string> };
  const told = Object.entries(params ?? {}).map(([name, value]) => `; ${name}=${value}`);
  return `${contentType}${told.join('')}`.toLowerCase();
};

/**
 * In-Reply-To names the answered e-mail; References names the conversation, nearest last (RFC 5322, 3.6.4).
 */
function answeredBy(inReplyTo: string, references: string): string[] {
  const ids = [...idsLikeOurs(inReplyTo), ...idsLikeOurs(references).reverse()];
  return [...new Set(ids.flatMap((id) => [id, id.toLowerCase()]))].slice(0, MOST_ANSWERED);
}

/** Message-IDs in our form (a UUID), with or without the angle brackets, which some programs omit. */
const idsLikeOurs = (field: string): string[] =>
  field.match(/(?<![\w-])[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}@[^\s<>"(),;]{1,250}/gi) ?? [];

const keyOf = (messageId: string, message: Uint8Array): string => {
  const [id = ''] = messageId.match(/[^\s<>]+/) ?? [];
  const clean = oneLine(id);
  if (clean && clean.length <= 255) return clean;
  return `sha256:${createHash('sha256').update(message).digest('hex')}`;
};

async function withoutQuotation(text: string): Promise<string> {
  // also as programs write it
  const begin = cutText(clean(text), READ_CHARACTERS)
    .replaceAll('\u00a0', ' ')
    .replace(/^-+ ?(message) d['’]origine ?-+$/gim, "\n-----$1 d'origine-----")
    // in HTML, a rule becomes a line, and each field after it may be a paragraph
    .replace(/^[-_]{10,}\s*^(de|from) ?:[^]*/im, '');
  const { default: EmailReplyParser } = await import('email-reply-parser');
  const visible = new EmailReplyParser().read(begin).getVisibleText().trim();
  return cutText(visible, TEXT_CHARACTERS);
}

/**
 * Removes what PostgreSQL cannot store or a terminal cannot show: halves of characters, control characters,
 * changes of direction.
 */
const clean = (text: string): string =>
  Buffer.from(text)
    .toString()
    // some programs write é as two characters
    .normalize('NFC')
    .replaceAll('\r\n', '\n')
    .replace(/[\p{Cc}\u2028-\u202e\u2066-\u2069]/gu, (one) => (one === '\n' || one === '\t' ? one : ' '));

const oneLine = (text: string): string => clean(text).replace(/\s+/g, ' ').trim();
