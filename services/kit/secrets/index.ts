/** Texts that are kept encrypted: bank details, the tokens of sessions. */
export { parseSecretKeys, secretCipher, type SecretCipher } from './secret-cipher.ts';
