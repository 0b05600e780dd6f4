import { createHmac, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { authConfig, type AuthConfig, type AuthValues } from '../auth-config.ts';

/**
 * The instant at which the tests verify, so that they do not depend on the present: 2 March 2026, 09:00 UTC.
 */
export const NOW_S = Date.UTC(2026, 2, 2, 9) / 1000;
export const now = (): number => NOW_S * 1000;

const SECRET = 'a secret of the tests, 32 bytes or more';

/** A configuration for HS256 with SECRET, or with other values. */
export function testConfig(values: Partial<AuthValues> = {}): AuthConfig {
  const secret = values.KEYCLOAK_REALM_URL ? {} : { JWT_SECRET: SECRET };
  return authConfig({ AUTH_ENABLED: true, ...secret, ...values });
}

/** The claims of an acceptable HS256 token; undefined leaves a claim out. */
export function claims(changes: Record<string, unknown> = {}): Record<string, unknown> {
  return { iss: 'suivi', aud: 'crm', sub: 'alice', iat: NOW_S - 60, exp: NOW_S + 240, ...changes };
}

type Json = string | Record<string, unknown>;

/** A token made without a library, so that it can be wrong in any way: strings are used as they are. */
export function hs256(
  payload: Json = claims(),
  header: Json = { alg: 'HS256', typ: 'JWT' },
  secret = SECRET,
): string {
  return compact(header, payload, (input) => createHmac('sha256', secret).update(input).digest());
}

export function rs256(key: KeyObject, payload: Json, header: Json): string {
  return compact(header, payload, (input) => sign('sha256', Buffer.from(input), key));
}

export function compact(header: Json, payload: Json, signature: (input: string) => Buffer): string {
  const input = [header, payload]
    .map((part) => (typeof part === 'string' ? part : JSON.stringify(part)))
    .map((json) => Buffer.from(json).toString('base64url'))
    .join('.');
  return `${input}.${signature(input).toString('base64url')}`;
}

/** The same bytes in another spelling: one unused bit in the signature's last character is set. */
export function respelled(token: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  return token.slice(0, -1) + alphabet.charAt(alphabet.indexOf(token.slice(-1)) + 1);
}

export interface RealmKey {
  readonly kid: string;
  readonly privateKey: KeyObject;
  readonly publicPem: string;
  readonly jwk: Record<string, unknown>;
}

export function realmKey(kid: string): RealmKey {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const publicPem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
  return {
    kid,
    privateKey,
    publicPem,
    jwk: { ...publicKey.export({ format: 'jwk' }), kid, alg: 'RS256', use: 'sig' },
  };
}
