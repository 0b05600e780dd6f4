import { randomBytes } from 'node:crypto';
import { memorySource } from './source.ts';
import { zipOf, type Zipped } from '../testing/zip-of.ts';
import { UnreadableReport } from './unreadable-report.ts';
import { eachZipSource } from './zip-sources.ts';

const MIB = 1024 * 1024;
async function unzip(zip: Uint8Array, maxBytes = 64 * MIB): Promise<[name: string, content: string][]> {
  const files: [string, string][] = [];
  await eachZipSource(memorySource('C54.zip', zip), maxBytes, async (file) => {
    const parts: Uint8Array[] = [];
    for await (const part of file.open()) parts.push(part);
    files.push([file.nomFichier, Buffer.concat(parts).toString()]);
  });
  return files;
}
const xml = (name: string, more: Partial<Zipped> = {}): Zipped => ({ name, content: `<${name}/>`, ...more });

test('each file of a zip, deflated or stored, in their order; folders and what a Mac adds are none', async () => {
  const folder = { name: 'a/', content: '', method: 0 };
  const mac = [xml('__MACOSX/._b.xml'), xml('a/.DS_Store')];
  const zip = zipOf([folder, xml('b.xml'), xml('a/a.xml', { method: 0 }), ...mac]);
  expect(await unzip(zip)).toEqual([
    ['C54.zip/b.xml', '<b.xml/>'],
    ['C54.zip/a/a.xml', '<a/a.xml/>'],
  ]);
});

const bomb = { name: 'bomb.xml', content: Buffer.alloc(20 * MIB, 0x20) };
const noise = randomBytes(MIB);
const half = zipOf([xml('a.xml')]);
test.each<[string, Uint8Array, RegExp]>([
  ['no file', zipOf([]), /^zip: there is no file in it/],
  ['folders only', zipOf([{ name: 'a/', content: '', method: 0 }]), /^zip: there is no file in it/],
  ['half of one', half.subarray(0, half.length / 2), /^zip: /],
  ['a zip', zipOf([{ name: 'in.zip', content: half, method: 0 }]), /^in\.zip: a zip within a zip/],
  ['a gzip', zipOf([{ name: 'a.gz', content: Buffer.from('1f8b0800', 'hex') }]), /^a\.gz: gzip within a zip/],
  ['a path', zipOf([xml('../../etc/cron.d/a.xml')]), /^zip: .*invalid relative path/],
  ['an absolute path', zipOf([xml('/etc/a.xml')]), /^zip: .*absolute path/],
  ['a bomb', zipOf([bomb]), /^zip: bomb\.xml is more than 200 times larger/],
  [
    'a bomb that says it is small',
    zipOf([{ ...bomb, says: { bytes: 1_000 } }]),
    /^bomb\.xml: zip: too many bytes/,
  ],
  [
    'a file too large',
    zipOf([xml('a.xml', { says: { bytes: 65 * MIB } })]),
    /^zip: a\.xml is larger than 64 MiB/,
  ],
  [
    'too much in all',
    zipOf(Array.from({ length: 5 }, () => xml('a.xml', { content: noise, says: { bytes: 60 * MIB } }))),
    /^zip: its files are larger than 256 MiB in all/,
  ],
  [
    'too many files',
    zipOf(Array.from({ length: 201 }, (_, n) => xml(`${n}.xml`))),
    /^zip: more than 200 files/,
  ],
  ['an encrypted file', zipOf([xml('a.xml', { encrypted: true })]), /^zip: a\.xml is encrypted/],
  ['another method', zipOf([xml('a.xml', { method: 14 })]), /^zip: a\.xml: compression method 14/],
  ['another checksum', zipOf([xml('a.xml', { says: { crc: 1 } })]), /^a\.xml: damaged/],
  ['less than it says', zipOf([xml('a.xml', { says: { bytes: 1_000 } })]), /^a\.xml: zip: not enough bytes/],
  [
    'an account as a name',
    zipOf([xml('FR1420041010050500013M02606.xml', { encrypted: true })]),
    /FR14 \*{4} 606\.xml/,
  ],
  [
    'lines in a name',
    zipOf([xml('a\nline 1: fine.xml', { encrypted: true })]),
    /^zip: a_line 1: fine\.xml is/,
  ],
])('with %s it is refused', async (_, zip, why) => {
  const refused = await unzip(zip).catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(UnreadableReport);
  expect((refused as Error).message).toMatch(why);
});
