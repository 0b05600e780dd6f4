import { createPublicKey, createSecretKey, X509Certificate, type KeyObject } from 'node:crypto';
import { deflateRawSync } from 'node:zlib';
import { bool, EnvError, str } from 'envalid';

/**
 * The issuer of tokens that workers sign themselves under HS256. Logs and audit rows can thus tell a worker's
 * token from a user's, whatever its subject.
 */
export const WORKERS_ISSUER = 'suivi-workers';

/** The shortest HS256 secret: as long as the hash (RFC 7518, section 3.2). */
const SECRET_MIN_BYTES = 32;
/** 32 random digits and letters do not compress below this; a repeated word or a row of letters does. */
const SECRET_MIN_COMPRESSED_BYTES = 24;

/** The settings that decide who may call. Merge them into the specification of a process. */
export const authSpec = {
  JWT_SECRET: str({
    default: undefined,
    desc: `Secret of HS256 tokens, at least ${SECRET_MIN_BYTES} bytes. Set this or KEYCLOAK_REALM_URL, not both.`,
  }),
  KEYCLOAK_REALM_URL: str({
    default: undefined,
    desc: 'URL of the realm whose RS256 tokens are accepted. Set this or JWT_SECRET, not both.',
    example: 'https://id.example.com/realms/crm',
  }),
  AUTH_ISSUER: str({
    default: undefined,
    desc: 'The one accepted `iss`. Default: KEYCLOAK_REALM_URL, or `suivi` with JWT_SECRET.',
  }),
  AUTH_AUDIENCE: str({ default: 'crm', desc: 'What `aud` must be or contain.' }),
  AUTH_ENABLED: bool({
    default: true,
    desc: 'false: tokens are verified and refusals reported, but every call is let through. For a roll-out only.',
  }),
};

/** The login of the workers, which call without a caller of their own; in addition to `authSpec`. */
export const serviceAccountSpec = {
  KEYCLOAK_CLIENT_ID: str({
    default: undefined,
    desc: 'Client whose service account the workers use (client credentials). Only with KEYCLOAK_REALM_URL.',
  }),
  KEYCLOAK_CLIENT_SECRET: str({ default: undefined, desc: 'Secret of KEYCLOAK_CLIENT_ID.' }),
};

/** The values of `authSpec`, and of `serviceAccountSpec` for workers. An empty value counts as none. */
export interface AuthValues {
  readonly JWT_SECRET?: string | undefined;
  readonly KEYCLOAK_REALM_URL?: string | undefined;
  readonly AUTH_ISSUER?: string | undefined;
  readonly AUTH_AUDIENCE?: string | undefined;
  readonly AUTH_ENABLED: boolean;
  readonly KEYCLOAK_CLIENT_ID?: string | undefined;
  readonly KEYCLOAK_CLIENT_SECRET?: string | undefined;
}

interface Expected {
  /** false: refusals are only reported. */
  readonly enabled: boolean;
  readonly issuer: string;
  readonly audience: string;
}

export interface SecretAuth extends Expected {
  readonly algorithm: 'HS256';
  /** A KeyObject, because it is printed and serialised without its bytes. */
  readonly secret: KeyObject;
}

export interface RealmAuth extends Expected {
  readonly algorithm: 'RS256';
  /** Without a trailing slash. */
  readonly realmUrl: string;
  /**
   * The workers' service account. The secret is behind a function, so that printed configurations do not show
   * it.
   */
  readonly client?: { readonly id: string; readonly secret: () => string };
}

/** How callers are identified: one algorithm, one issuer, one audience. */
export type AuthConfig = SecretAuth | RealmAuth;

/**
 * Checks the settings of identity.
 * @throws EnvError naming the variable, if nobody could call, or somebody who must not
 */
export function authConfig(values: AuthValues): AuthConfig {
  const { JWT_SECRET: secret, KEYCLOAK_REALM_URL: realm } = values;
  if (secret && realm)
    throw new EnvError('JWT_SECRET and KEYCLOAK_REALM_URL are both set: unset one of them');
  const enabled = values.AUTH_ENABLED;
  const audience = values.AUTH_AUDIENCE || 'crm';
  if (secret) {
    const issuer = values.AUTH_ISSUER || 'suivi';
    if (issuer === WORKERS_ISSUER) {
      throw new EnvError(`AUTH_ISSUER: ${WORKERS_ISSUER} is the issuer of the workers' own tokens`);
    }
    return { algorithm: 'HS256', enabled, audience, issuer, secret: hmacKey(secret) };
  }
  if (!realm)
    throw new EnvError('JWT_SECRET or KEYCLOAK_REALM_URL must be set: tokens could not be verified');
  const realmUrl = checkedRealmUrl(realm);
  const client = serviceAccount(values);
  const issuer = values.AUTH_ISSUER || realmUrl;
  return { algorithm: 'RS256', enabled, audience, issuer, realmUrl, ...(client && { client }) };
}

function hmacKey(secret: string): KeyObject {
  // Whoever knows a public key could sign tokens with it: algorithm confusion, RFC 8725, section 2.1.
  if (isAsymmetricKey(secret.trim())) {
    throw new EnvError('JWT_SECRET: is a key or certificate of an asymmetric algorithm, not a secret');
  }
  const bytes = Buffer.from(secret, 'utf8');
  if (bytes.length < SECRET_MIN_BYTES) {
    throw new EnvError(`JWT_SECRET: must be at least ${SECRET_MIN_BYTES} bytes long, is ${bytes.length}`);
  }
  if (deflateRawSync(bytes).length < SECRET_MIN_COMPRESSED_BYTES) {
    throw new EnvError('JWT_SECRET: repeats itself: take a random one, as of `openssl rand -base64 32`');
  }
  return createSecretKey(bytes);
}

/** PEM, JWK or JWK set, OpenSSH, or the bare base64 DER that Keycloak's pages show. */
function isAsymmetricKey(text: string): boolean {
  if (/-----BEGIN [A-Z0-9 ]+-----/.test(text) || /^(ssh|ecdsa)-\S+ /.test(text)) return true;
  if (text.startsWith('{')) return succeeds(() => isJwk(JSON.parse(text)));
  const der = Buffer.from(text, 'base64');
  return (
    succeeds(() => createPublicKey({ key: der, format: 'der', type: 'spki' })) ||
    succeeds(() => new X509Certificate(der))
  );
}

function isJwk(value: unknown): boolean {
  return typeof value === 'object' && value !== null && ('kty' in value || 'keys' in value);
}

function succeeds(attempt: () => unknown): boolean {
  try {
    return Boolean(attempt());
  } catch {
    return false;
  }
}

function checkedRealmUrl(value: string): string {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (url?.protocol !== 'https:' && url?.protocol !== 'http:') {
    throw new EnvError('KEYCLOAK_REALM_URL: must be an http or https URL');
  }
  if (url.username || url.password || url.search || url.hash) {
    throw new EnvError('KEYCLOAK_REALM_URL: must have no credentials, query or fragment');
  }
  // Keycloak's `iss` has no trailing slash, and it is compared character by character.
  return value.trim().replace(/\/+$/, '');
}

function serviceAccount(values: AuthValues): RealmAuth['client'] {
  // services do not have this variable, and envalid throws when an unspecified one is read
  if (!('KEYCLOAK_CLIENT_ID' in values)) return undefined;
  const { KEYCLOAK_CLIENT_ID: id, KEYCLOAK_CLIENT_SECRET: secret } = values;
  if (id && !secret) throw new EnvError('KEYCLOAK_CLIENT_SECRET: missing, KEYCLOAK_CLIENT_ID is set');
  if (secret && !id) throw new EnvError('KEYCLOAK_CLIENT_ID: missing, KEYCLOAK_CLIENT_SECRET is set');
  return id && secret ? { id, secret: () => secret } : undefined;
}
