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

/** The part of a logger that this folder uses; pino has it. */
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
 * Returns the key that a token names, for jwtVerify.
 * @throws JWKSNoMatchingKey if the issuer has no such key; KeysUnavailable if that cannot be known now
 */
export type KeySource = (header: JWTHeaderParameters, token: FlattenedJWSInput) => Promise<CryptoKey>;

/**
 * The verification keys of a JWKS endpoint (RFC 7517): fetched for the first token, renewed every five to ten
 * minutes while they are used, and at once for an unknown key id.
 *
 * jose chooses and imports keys; when to fetch is decided here. jose's createRemoteJWKSet (6.2) counts
 * cacheMaxAge and cooldownDuration from the last success: during an outage tokens with known keys fail, or
 * every unknown key id causes a request, and after each renewal a new key is refused during the cooldown.
 * With both set to Infinity and reload() called from here, the code was two lines longer, and saved only the
 * sharing of a running request. Here the last good keys stay valid until better ones come, failures are
 * retried with back-off, and unknown key ids cause one request in ten seconds.
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

  /** Never rejects. `failures` says whether it succeeded. */
  function refresh(): Promise<void> {
    if (failures > 0 && now() < retryAt) return Promise.resolve();
    return (pending ??= fetchKeys().finally(() => (pending = undefined)));
  }

  async function keepFresh(): Promise<void> {
    if (!keys) return refresh();
    const age = now() - fetchedAt;
    if (age < FRESH_MS / 2) return;
    const attempt = refresh();
    // Under traffic nobody waits for a renewal. After a pause one call waits, so that a withdrawn key is not
    // accepted; during an outage there is nothing to wait for.
    if (age >= FRESH_MS && failures === 0) await attempt;
  }

  async function lookAgain(): Promise<void> {
    if (now() < quietUntil) return pending;
    await refresh();
    // Only a success here starts the quiet time: an ordinary renewal must not delay the first token after a
    // rotation, and failures have their own back-off.
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
      // The known keys are old and the id may be that of a new one: a refusal would be final for a good
      // token.
      if (error instanceof errors.JWKSNoMatchingKey && failures > 0) throw new KeysUnavailable();
      throw error;
    }
  };
}

/** An answer without keys is a fault of the endpoint, not a reason to drop the good ones. */
function keySet(json: unknown): ReturnType<typeof createLocalJWKSet> {
  const set = createLocalJWKSet(json as Parameters<typeof createLocalJWKSet>[0]);
  if (set.jwks().keys.length === 0) throw new Error('no keys in the set');
  return set;
}
