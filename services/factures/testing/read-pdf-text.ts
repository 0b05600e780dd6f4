import { inflateSync } from 'node:zlib';

/**
 * The text of a PDF from pdfkit, one line per run of glyphs, in the order of the file. It reads the objects,
 * inflates streams, and converts glyphs to characters with each font's ToUnicode table (ISO 32000-1, 9.10.3).
 */
export function readPdfText(pdf: Buffer): string {
  const objects = new Map<string, { head: string; stream: string }>();
  for (const [, id, body] of pdf.toString('latin1').matchAll(/(\d+) 0 obj\n([\s\S]*?)\nendobj/g)) {
    const [head = '', data] = body!.split('\nstream\n');
    const bytes =
      data === undefined || head.includes('/Image')
        ? undefined
        : Buffer.from(data.replace(/\nendstream$/, ''), 'latin1');
    const inflated = bytes && (head.includes('/FlateDecode') ? inflateSync(bytes) : bytes);
    objects.set(id!, { head, stream: inflated?.toString('latin1') ?? '' });
  }
  const tables = new Map<string, Map<string, string>>();
  for (const { head } of objects.values()) {
    for (const [, name, id] of head.matchAll(/\/(F\d+) (\d+) 0 R/g)) {
      const toUnicode = /\/ToUnicode (\d+) 0 R/.exec(objects.get(id!)?.head ?? '')?.[1];
      if (toUnicode) tables.set(name!, readTable(objects.get(toUnicode)!.stream));
    }
  }
  const lines: string[] = [];
  for (const { stream } of objects.values()) {
    let table: Map<string, string> | undefined;
    for (const [, font, glyphs] of stream.matchAll(/\/(F\d+) [\d.]+ Tf|\[(<[^\]]*)\] TJ/g)) {
      if (font) table = tables.get(font);
      if (glyphs) lines.push(glyphsToText(glyphs, table));
    }
  }
  return lines.join('\n');
}

function glyphsToText(glyphs: string, table?: Map<string, string>): string {
  const codes = [...glyphs.matchAll(/<([0-9a-f]*)>/gi)].flatMap(([, hex]) => hex!.match(/.{4}/g) ?? []);
  return codes.map((code) => table?.get(code.toLowerCase()) ?? '\ufffd').join('');
}

/** `<0000> <0005> [<0000> <0046> …]`: the characters of the glyphs in a range. */
function readTable(cmap: string): Map<string, string> {
  const table = new Map<string, string>();
  for (const [, first, values] of cmap.matchAll(/<([0-9a-f]{4})> <[0-9a-f]{4}> \[([^\]]*)\]/gi)) {
    const start = parseInt(first!, 16);
    [...values!.matchAll(/<([0-9a-f ]*)>/gi)].forEach(([, hex], index) => {
      const units = (hex!.replaceAll(' ', '').match(/.{4}/g) ?? []).map((unit) => parseInt(unit, 16));
      table.set((start + index).toString(16).padStart(4, '0'), String.fromCharCode(...units));
    });
  }
  return table;
}
