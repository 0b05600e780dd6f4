import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

/** Keys by name; the first one encrypts. */
export type SecretKeys = Map<string, Buffer>;

/** 96 bits, never used twice with the same key (NIST SP 800-38D, 8.2). */
const IV_BYTES = 12;
const TAG_BYTES = 16;

/**
 * Reads `name:base64,name:base64`: keys of 256 bits. An older key stays in the list until no row needs it.
 * @throws Error for anything else
 */
export function parseSecretKeys(text: string): SecretKeys {
  const keys: SecretKeys = new Map();
  for (const pair of text.split(',')) {
    const [, name, base64] = /^\s*([A-Za-z0-9_-]{1,20}):([A-Za-z0-9+/=_-]+)\s*$/.exec(pair) ?? [];
    const key = Buffer.from(base64 ?? '', 'base64');
    if (!name || key.length !== 32) throw new Error('not name:32 bytes in base64');
    keys.set(name, key);
  }
  return keys;
}

/**
 * Encrypts and decrypts texts with AES-256-GCM. A text is bound to its owner, the id of its row: moved to
 * another one, it cannot be read.
 */
export type SecretCipher = {
  encrypt(text: string, owner: string): Uint8Array<ArrayBuffer>;
  /** @throws Error if the key is unknown or the value was changed */
  decrypt(bytes: Uint8Array, owner: string): string;
};

/**
 * The bytes: length of the key's name, its name, IV, tag, ciphertext.
 * @param variable where the keys come from, for the error about one that is missing
 */
export function secretCipher(keys: SecretKeys, variable: string): SecretCipher {
  const [current, key] = [...keys][0]!;
  return {
    encrypt(text, owner) {
      const iv = randomBytes(IV_BYTES);
      const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(owner));
      const encrypted = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
      return new Uint8Array(
        Buffer.concat([
          Buffer.from([current.length]),
          Buffer.from(current, 'ascii'),
          iv,
          cipher.getAuthTag(),
          encrypted,
        ]),
      );
    },
    decrypt(bytes, owner) {
      const buffer = Buffer.from(bytes);
      const ivAt = 1 + buffer[0]!;
      const tagAt = ivAt + IV_BYTES;
      const name = buffer.subarray(1, ivAt).toString('ascii');
      const known = keys.get(name);
      if (!known) throw new Error(`no key is called ${name}: add it to ${variable}`);
      const decipher = createDecipheriv('aes-256-gcm', known, buffer.subarray(ivAt, tagAt), {
        authTagLength: TAG_BYTES,
      });
      decipher.setAAD(Buffer.from(owner)).setAuthTag(buffer.subarray(tagAt, tagAt + TAG_BYTES));
      return Buffer.concat([decipher.update(buffer.subarray(tagAt + TAG_BYTES)), decipher.final()]).toString(
        'utf8',
      );
    },
  };
}
