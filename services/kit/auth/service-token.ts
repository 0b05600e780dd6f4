import { EnvError } from 'envalid';
import { WORKERS_ISSUER, type AuthConfig, type RealmAuth, type SecretAuth } from './auth-config.ts';
import { fetchJson } from './fetch-json.ts';
import type { WarningLog } from './jwks.ts';
import { signToken } from './sign-token.ts';

const SELF_SIGNED_LIFETIME_S = 5 * 60;
const TIMEOUT_MS = 5_000;
const MAX_BYTES = 64 * 1024;
const RETRY_MS = 1_000;

export interface ServiceTokenOptions {
  /** The worker: `service:` and a name. With Keycloak the subject is the client's service account instead. */
  readonly sub: `service:${string}`;
  readonly log?: WarningLog | undefined;
  /** Milliseconds since the epoch. */
  readonly now?: (() => number) | undefined;
}

interface Issued {
  readonly token: string;
  /** From this instant on (milliseconds since the epoch) the token is renewed when it is used. */
  readonly renewAt: number;
  /** From this instant on it is not used any more: a call must arrive before the token expires. */
  readonly uselessAt: number;
}

/**
 * Creates a function that returns a token for calls without a user's token. A token serves all calls until
 * four fifths of its life are over; then a new one is requested, while calls continue with the old one. Under
 * HS256 the worker signs its own, with issuer WORKERS_ISSUER and a life of five minutes; with Keycloak it
 * uses the client-credentials grant (RFC 6749, section 4.4). The function rejects if Keycloak gives none and
 * the last one has expired.
 * @throws EnvError if Keycloak is configured without a client
 */
export function serviceTokens(
  config: AuthConfig,
  { sub, log, now = Date.now }: ServiceTokenOptions,
): () => Promise<string> {
  const issue = config.algorithm === 'HS256' ? selfSigned(config, sub) : clientCredentials(config);
  let current: Issued | undefined;
  let pending: Promise<Issued> | undefined;
  let retryAt = 0;

  const renew = (): Promise<Issued> =>
    (pending ??= issue(now())
      .then((issued) => (current = issued))
      .finally(() => (pending = undefined)));

  return async () => {
    const at = now();
    if (!current || at >= current.uselessAt) return (await renew()).token;
    if (at >= current.renewAt && at >= retryAt) {
      retryAt = at + RETRY_MS;
      renew().catch((error: unknown) => log?.warn({ reason: String(error) }, 'service token not renewed'));
    }
    return current.token;
  };
}

function selfSigned(config: SecretAuth, sub: string): (at: number) => Promise<Issued> {
  return async (at) => {
    const lifetimeSeconds = SELF_SIGNED_LIFETIME_S;
    const token = await signToken(config, { sub, issuer: WORKERS_ISSUER, lifetimeSeconds, issuedAt: at });
    return issued(token, at, lifetimeSeconds);
  };
}

function clientCredentials({ client, realmUrl }: RealmAuth): (at: number) => Promise<Issued> {
  if (!client) throw new EnvError('KEYCLOAK_CLIENT_ID: workers need a client of the realm to call services');
  // RFC 6749, section 2.3.1: both parts are form-encoded, then Basic.
  const credentials = [client.id, client.secret()].map(encodeURIComponent).join(':');
  const headers = { authorization: `Basic ${Buffer.from(credentials).toString('base64')}` };
  return async (at) => {
    const answer = (await fetchJson(`${realmUrl}/protocol/openid-connect/token`, {
      method: 'POST',
      headers,
      body: new URLSearchParams({ grant_type: 'client_credentials' }),
      timeoutMs: TIMEOUT_MS,
      maxBytes: MAX_BYTES,
    })) as { access_token?: unknown; expires_in?: unknown } | null;
    const { access_token: token, expires_in: seconds } = answer ?? {};
    if (typeof token !== 'string' || !token || typeof seconds !== 'number' || !(seconds > 0)) {
      throw new Error(`${realmUrl}: answered without a token or its lifetime`);
    }
    return issued(token, at, seconds);
  };
}

function issued(token: string, at: number, lifetimeSeconds: number): Issued {
  const lifetimeMs = lifetimeSeconds * 1000;
  const spareMs = Math.min(10_000, lifetimeMs / 10);
  return { token, renewAt: at + lifetimeMs * 0.8, uselessAt: at + lifetimeMs - spareMs };
}
