import {
  createLocalJWKSet,
  errors,
  type CryptoKey,
  type FlattenedJWSInput,
  type JWTHeaderParameters,
} from 'jose';
import { fetchJson } from './fetch-json.ts';
import { KeysUnavailable } from './refusal.ts';

const FRESH_MS = 10 * 60_000;
const COOL_DOWN_MS = 10_000;
const TIMEOUT_MS = 3_000;
const MAX_BYTES = 256 * 1024;
const BACK_OFF_MS = { first: 1_000, longest: 30_000 };

/** What this folder asks of a logger; a pino logger is one. */
export interface WarningLog {
  warn(fields: object, message: string): void;
}

export interface JwksOptions {
  readonly log?: WarningLog | undefined;
  /** Milliseconds since the epoch. */
  readonly now?: (() => number) | undefined;
  readonly timeoutMs?: number | undefined;
}

/**
 * The key a token names, to be given to jwtVerify.
 * @throws JWKSNoMatchingKey when the issuer has no such key; KeysUnavailable when that cannot be known now
 */
export type KeySource = (header: JWTHeaderParameters, token: FlattenedJWSInput) => Promise<CryptoKey>;

/**
 * Verification keys of a JWKS endpoint (RFC 7517), fetched when a first token needs them, renewed while in use
 * every five to ten minutes, and at once for a key id not seen before.
 *
 * Choosing and importing a key is left to jose, when to fetch is not. Its createRemoteJWKSet (6.2) counts cacheMaxAge and
 * cooldownDuration from the last success: during an outage tokens fail whose keys it has, or every unknown key id makes a
 * request, and after each renewal a new key is refused for the length of the cooldown. With both set to Infinity and its
 * reload() called from here the code was two lines longer: all that it saves is sharing a request under way. Here the
 * last good keys stay until better ones come, however long that takes; failures are retried with back-off, and unknown
 * key ids cause one request in ten seconds.
 */
export function jwks(
  url: string,
  { log, now = Date.now, timeoutMs = TIMEOUT_MS }: JwksOptions = {},
): KeySource {
  let keys: ReturnType<typeof createLocalJWKSet> | undefined;
  let fetchedAt = 0;
  let failures = 0;
  let retryAt = 0;
  let quietUntil = 0; // for unknown key ids
  let pending: Promise<void> | undefined;

  async function fetchKeys(): Promise<void> {
    try {
      keys = keySet(await fetchJson(url, { timeoutMs, maxBytes: MAX_BYTES }));
      fetchedAt = now();
      failures = 0;
    } catch (error) {
      const waitMs = Math.min(BACK_OFF_MS.first * 2 ** failures, BACK_OFF_MS.longest);
      failures += 1;
      retryAt = now() + waitMs;
      const fields = {
        url,
        failures,
        retryInMs: waitMs,
        keptKeys: keys !== undefined,
        reason: String(error),
      };
      log?.warn(fields, 'the keys of the token issuer could not be fetched');
    }
  }

  /** Never rejects: whether it went well is in `failures`. */
  function refresh(): Promise<void> {
    if (failures > 0 && now() < retryAt) return Promise.resolve();
    return (pending ??= fetchKeys().finally(() => (pending = undefined)));
  }

  async function keepFresh(): Promise<void> {
    if (!keys) return refresh();
    const age = now() - fetchedAt;
    if (age < FRESH_MS / 2) return;
    const attempt = refresh();
    // Under traffic nobody waits. After a pause one call does, so that a withdrawn key is not accepted once
    // more; during an outage there is nothing to wait for.
    if (age >= FRESH_MS && failures === 0) await attempt;
  }

  async function lookAgain(): Promise<void> {
    if (now() < quietUntil) return pending;
    await refresh();
    // Only a success starts the quiet time, and only here: a first token after a rotation is never held up by
    // an ordinary renewal, and failures have their own back-off.
    if (failures === 0) quietUntil = now() + COOL_DOWN_MS;
  }

  return async (header, token) => {
    await keepFresh();
    if (!keys) throw new KeysUnavailable();
    try {
      return await keys(header, token);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
    }
    await lookAgain();
    try {
      return await keys(header, token);
    } catch (error) {
      // With old keys only, the id may well be that of a new one: refusing would be final for a good token.
      if (error instanceof errors.JWKSNoMatchingKey && failures > 0) throw new KeysUnavailable();
      throw error;
    }
  };
}

/** An answer without any key is a fault of the endpoint, not a reason to forget the good ones. */
function keySet(json: unknown): ReturnType<typeof createLocalJWKSet> {
  const set = createLocalJWKSet(json as Parameters<typeof createLocalJWKSet>[0]);
  if (set.jwks().keys.length === 0) throw new Error('no keys in the set');
  return set;
}
