import { isUtf8 } from 'node:buffer';

/** How files in UTF-16 begin: with a byte order mark, or with `<` of two bytes. */
const UTF_16 = ['fffe', 'feff', '3c00', '003c'];

/**
 * Decodes UTF-8 as its bytes come; called without bytes at the end. A byte order mark is left out.
 * @param refuse told on which further line, from 0, and why
 */
export function utf8Text(refuse: (line: number, why: string) => never): (chunk?: Uint8Array) => string {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let begun = false;
  return (chunk) => {
    if (chunk && !begun && chunk.length > 0) {
      begun = true;
      const start = Buffer.from(chunk.subarray(0, 2)).toString('hex');
      if (UTF_16.includes(start)) refuse(0, 'UTF-16: only UTF-8 is read');
    }
    try {
      return chunk ? decoder.decode(chunk, { stream: true }) : decoder.decode();
    } catch {
      return refuse(chunk ? firstBadLine(chunk) : 0, 'not UTF-8');
    }
  };
}

/** A line feed is never part of a longer character; a character may have begun in the bytes before. */
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
