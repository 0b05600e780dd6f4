import { xmlText } from './xml-text.ts';

const decode = (bytes: Uint8Array, piece = 3): string => {
  const text = xmlText((line, why) => {
    throw new Error(`${line}: ${why}`);
  });
  let decoded = '';
  for (let at = 0; at < bytes.length; at += piece) decoded += text(bytes.subarray(at, at + piece));
  return decoded + text();
};
const declared = (encoding: string, rest: number[]) =>
  Buffer.concat([Buffer.from(`<?xml version="1.0" encoding='${encoding}' ?><a>`), Buffer.from(rest)]);

test.each<[string, number[], string]>([
  ['ISO-8859-1', [0xe9], 'é'],
  ['iso-8859-15', [0xe9, 0xa4], 'é€'],
  ['ISO8859-15', [0xa4], '€'],
  ['Windows-1252', [0xe9, 0x80, 0x93], 'é€“'],
  ['cp1252', [0x80], '€'],
  ['windows-1250', [0xf3, 0xb3], 'ół'],
  ['ISO-8859-2', [0xb3], 'ł'],
  ['IBM850', [0x82], 'é'],
  ['UTF-8', [0xc3, 0xa9], 'é'],
  ['utf8', [0xf0, 0x9f, 0x98, 0x80], '😀'],
  ['US-ASCII', [0x61], 'a'],
])('%s is decoded, wherever its bytes are cut', (encoding, bytes, text) => {
  for (const piece of [1, 3, 50, 1_000]) {
    expect(decode(declared(encoding, bytes), piece)).toBe(declared(encoding, []).toString() + text);
  }
});

test('what declares nothing is UTF-8; a byte order mark is left out, and says so', () => {
  expect(decode(Buffer.from('<a>é'))).toBe('<a>é');
  expect(decode(Buffer.from('\uFEFF<a>é'))).toBe('<a>é');
  const both = Buffer.concat([Buffer.from('\uFEFF'), declared('ISO-8859-1', [0xc3, 0xa9])]);
  expect(decode(both).endsWith('é')).toBe(true);
  expect(decode(Buffer.from('<'))).toBe('<');
  expect(decode(Buffer.from(''))).toBe('');
});

test.each<[string, Uint8Array, RegExp]>([
  ...[
    'UTF-16',
    'UTF-7',
    'UTF-32',
    'Shift_JIS',
    'GB18030',
    'Big5',
    'EUC-KR',
    'ISO-2022-JP',
    'ISO-8859-12',
    'hex',
    'base64',
    '__proto__',
    'constructor',
    '',
  ].map((name): [string, Uint8Array, RegExp] => [
    name,
    declared(name, []),
    new RegExp(`^0: encoding ${name}: UTF-8 and`),
  ]),
  ['UTF-16 with its mark', Buffer.from('\uFEFF<a/>', 'utf16le'), /^0: UTF-16: /],
  ['UTF-16, the other way round', Buffer.from('\uFEFF<a/>', 'utf16le').swap16(), /^0: UTF-16: /],
  ['UTF-32', Buffer.from('3c00000061000000', 'hex'), /^0: UTF-32: /],
  ['EBCDIC', Buffer.from('4c6fa7949340', 'hex'), /^0: EBCDIC: /],
  ['a declaration without end', Buffer.from(`<?xml ${' '.repeat(2_000)}`), /^0: the XML declaration/],
  ['bytes that are no UTF-8', declared('UTF-8', [0x0a, 0xe9, 0x0a]), /^\d: not UTF-8/],
])('%s is refused by name', (_, bytes, why) => {
  expect(() => decode(bytes)).toThrow(why);
});
