import { invalid } from '@crm/kit';
import iconv from 'iconv-lite';

/** A text, and the name of its encoding for people. */
export type Decoded = { text: string; encodage: string };

/** What other programs save under the same menu, by the first bytes of the file. */
const OTHERS: [name: string, first: number[]][] = [
  ['un classeur Excel (.xlsx) ou un fichier compressé', [0x50, 0x4b, 0x03, 0x04]],
  ['un classeur Excel (.xls)', [0xd0, 0xcf, 0x11, 0xe0]],
  ['un PDF', [0x25, 0x50, 0x44, 0x46]],
];

/**
 * Decodes a text file of a French office: UTF-8, UTF-16 with a byte order mark (Excel's "Texte Unicode"), else
 * Windows-1252, in which every byte is a character.
 * @throws {RpcError} INVALID_ARGUMENT `contenu`: it is no text
 */
export function decodeText(bytes: Uint8Array): Decoded {
  const begins = (first: number[]) => first.every((byte, index) => bytes[index] === byte);
  const other = OTHERS.find(([, first]) => begins(first));
  if (other) {
    throw invalid(
      'contenu',
      `c’est ${other[0]} : enregistrez la feuille en « CSV UTF-8 (délimité par des virgules) »`,
    );
  }
  const decoded = decode(bytes, begins);
  if (decoded.text.includes('\0'))
    throw invalid('contenu', 'ce n’est pas un texte : enregistrez la feuille en CSV');
  return decoded;
}

function decode(bytes: Uint8Array, begins: (first: number[]) => boolean): Decoded {
  if (begins([0xff, 0xfe])) return { text: new TextDecoder('utf-16le').decode(bytes), encodage: 'UTF-16' };
  if (begins([0xfe, 0xff])) return { text: new TextDecoder('utf-16be').decode(bytes), encodage: 'UTF-16' };
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes), encodage: 'UTF-8' };
  } catch {
    // Node's own decoder reads it as Latin-1, without the euro sign
    return { text: iconv.decode(Buffer.from(bytes), 'win1252'), encodage: 'Windows-1252' };
  }
}
