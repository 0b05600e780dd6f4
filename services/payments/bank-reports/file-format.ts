/** How other files begin that people or banks send by mistake. */
const FORMATS: [name: string, start: RegExp][] = [
  ['zip', /^504b(0304|0506|0708)/],
  ['gzip', /^1f8b/],
  ['bzip2', /^425a68/],
  ['7z', /^377abcaf/],
  ['RAR', /^52617221/],
  ['PDF', /^25504446/],
  ['a picture', /^(89504e47|ffd8ff)/],
];

/** The format of a file that is not XML, by its first four bytes; undefined if it may be XML. */
export const fileFormat = (start: Uint8Array): string | undefined => {
  const hex = Buffer.from(start.subarray(0, 4)).toString('hex');
  return FORMATS.find(([, begins]) => begins.test(hex))?.[0];
};
