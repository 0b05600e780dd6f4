import { randomBytes } from 'node:crypto';
import { parseSecretKeys, secretCipher } from './secret-cipher.ts';

const IBAN = 'FR1420041010050500013M02606 de Zoé';
const key = () => randomBytes(32).toString('base64');

test('what was encrypted is read back, and looks different each time', () => {
  const cipher = secretCipher(parseSecretKeys(`k1:${key()}`), 'KEYS');
  const [first, second] = [cipher.encrypt(IBAN, 'm1'), cipher.encrypt(IBAN, 'm1')];
  expect(cipher.decrypt(first, 'm1')).toBe(IBAN);
  expect(Buffer.from(first).equals(Buffer.from(second))).toBe(false);
  expect(Buffer.from(first).includes(IBAN.slice(4, 10))).toBe(false);
});

test('a value moved to another owner, or changed by a bit, is refused', () => {
  const cipher = secretCipher(parseSecretKeys(`k1:${key()}`), 'KEYS');
  const bytes = cipher.encrypt(IBAN, 'm1');
  expect(() => cipher.decrypt(bytes, 'm2')).toThrow();
  bytes[bytes.length - 1]! ^= 1;
  expect(() => cipher.decrypt(bytes, 'm1')).toThrow();
});

test('a key that was replaced still decrypts while it is listed', () => {
  const [older, newer] = [key(), key()];
  const bytes = secretCipher(parseSecretKeys(`old:${older}`), 'KEYS').encrypt(IBAN, 'm1');
  expect(secretCipher(parseSecretKeys(`new:${newer},old:${older}`), 'KEYS').decrypt(bytes, 'm1')).toBe(IBAN);
  expect(() => secretCipher(parseSecretKeys(`new:${newer}`), 'KEYS').decrypt(bytes, 'm1')).toThrow('old');
});

test.each(['', 'k1', 'k1:', `k1:${randomBytes(16).toString('base64')}`, `:${key()}`])(
  '%p is no list of keys',
  (text) => {
    expect(() => parseSecretKeys(text)).toThrow();
  },
);
