/** How files begin that are not XML and that people, or banks, send all the same. */
const FORMATS: [name: string, start: RegExp][] = [
  ['zip', /^504b(0304|0506|0708)/],
  ['gzip', /^1f8b/],
  ['bzip2', /^425a68/],
  ['7z', /^377abcaf/],
  ['RAR', /^52617221/],
  ['PDF', /^25504446/],
  ['a picture', /^(89504e47|ffd8ff)/],
];

/** What a file is that is no XML, by its first four bytes; undefined where it may be. */
export const fileFormat = (start: Uint8Array): string | undefined => {
  const hex = Buffer.from(start.subarray(0, 4)).toString('hex');
  return FORMATS.find(([, begins]) => begins.test(hex))?.[0];
};
