import { isUtf8 } from 'node:buffer';
import iconv from 'iconv-lite';

/** Reports the reason, and on which further line (from 0). */
type Refuse = (line: number, why: string) => never;
type Decode = (chunk?: Uint8Array) => string;

/** How files in other encodings begin: a byte order mark, or `<` or `<?xm` in that encoding. */
const OTHERS: [name: string, start: RegExp][] = [
  ['UTF-32', /^(fffe0000|0000feff|3c000000|0000003c)/],
  ['UTF-16', /^(fffe|feff|3c00|003c)/],
  ['EBCDIC', /^4c6fa794/],
];
const BYTE_ORDER_MARK = 'efbbbf';
/** A declaration is about a tenth of this. */
const MAX_DECLARATION = 1_024;
const DECLARATION = '<?xml';
const ENCODING = /\sencoding\s*=\s*(["'])(.*?)\1/s;
/** ASCII is also UTF-8. */
const UTF_8 = /^(utf-?8|us-ascii|ascii)$/i;
/** Encodings of one byte per character (IANA character sets) that contain ASCII. */
const SINGLE_BYTE =
  /^(iso[-_]?8859-\d{1,2}|latin\d|windows-(125\d|874)|cp-?(125\d|437|85\d|86\d)|ibm-?(437|85\d|86\d)|koi8-[ru]|macintosh)$/i;

/**
 * Decodes an XML file as its bytes arrive, by its declared encoding: UTF-8 or one byte per character. Called
 * without bytes at the end. A byte order mark is removed.
 */
export function xmlText(refuse: Refuse): Decode {
  let head: Uint8Array = new Uint8Array();
  let decode: Decode | undefined;
  return (chunk) => {
    if (decode) return decode(chunk);
    if (chunk) head = Buffer.concat([head, chunk]);
    if (chunk && mayBeDeclared(head)) return '';
    decode = decoderOf(head, refuse);
    return decode(head) + (chunk ? '' : decode());
  };
}

/** Whether more bytes may reveal the encoding. */
function mayBeDeclared(head: Uint8Array): boolean {
  const start = Buffer.from(head.subarray(0, MAX_DECLARATION)).toString('latin1');
  if (start.length < DECLARATION.length) return true;
  return start.startsWith(DECLARATION) && !start.includes('?>') && start.length < MAX_DECLARATION;
}

function decoderOf(head: Uint8Array, refuse: Refuse): Decode {
  const start = Buffer.from(head.subarray(0, MAX_DECLARATION));
  const hex = start.subarray(0, 4).toString('hex');
  const other = OTHERS.find(([, begins]) => begins.test(hex));
  if (other) refuse(0, `${other[0]}: ${READ}`);
  const declaration = start.toString('latin1');
  if (hex.startsWith(BYTE_ORDER_MARK) || !declaration.startsWith(DECLARATION)) return utf8(refuse);
  const end = declaration.indexOf('?>');
  if (end < 0) refuse(0, 'the XML declaration has no end');
  const name = ENCODING.exec(declaration.slice(0, end))?.[2] ?? 'UTF-8';
  if (UTF_8.test(name)) return utf8(refuse);
  if (!SINGLE_BYTE.test(name) || !iconv.encodingExists(name)) refuse(0, `encoding ${name}: ${READ}`);
  return (chunk) => (chunk ? iconv.decode(chunk, name) : '');
}

const READ =
  'UTF-8 and encodings of a byte a character (ISO-8859-1, ISO-8859-15, windows-1252 and the like) are read';

function utf8(refuse: Refuse): Decode {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  return (chunk) => {
    try {
      return chunk ? decoder.decode(chunk, { stream: true }) : decoder.decode();
    } catch {
      return refuse(chunk ? firstBadLine(chunk) : 0, 'not UTF-8');
    }
  };
}

/** A line feed is never a part of a longer character, but a character may have begun in the bytes before. */
function firstBadLine(chunk: Uint8Array): number {
  let [line, from] = [0, 0];
  while (from < 3 && (chunk[from]! & 0xc0) === 0x80) from += 1;
  for (;;) {
    const end = chunk.indexOf(0x0a, from);
    if (!isUtf8(chunk.subarray(from, end < 0 ? chunk.length : end)) || end < 0) return line;
    line += 1;
    from = end + 1;
  }
}
