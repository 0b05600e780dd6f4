import { plainName } from './keep-aside.ts';

test('a name says what it said, and is no path', () => {
  expect(plainName('relevé (2).xml')).toBe('relevé (2).xml');
  expect(plainName('../a\n.xml')).toBe('__a_.xml');
  expect(plainName('')).toBe('_');
});

test('a name is cut in bytes, which is what file systems count, at no character’s middle, to its end', () => {
  for (const letter of ['a', 'é', '漢', '𠮷']) {
    const name = plainName(`${letter.repeat(200)}.xml`);
    expect(name).toMatch(new RegExp(`^(${letter})+\\.xml$`, 'u'));
    expect(Buffer.byteLength(name)).toBeLessThanOrEqual(150);
    expect(Buffer.byteLength(name)).toBeGreaterThan(146);
  }
  expect(plainName(`x.${'a'.repeat(149)}`)).toBe(`_${'a'.repeat(149)}`);
});
