import { errors, jwtVerify, type JWTPayload, type JWTVerifyOptions } from 'jose';
import { WORKERS_ISSUER, type AuthConfig } from './auth-config.ts';
import { jwks, type WarningLog } from './jwks.ts';
import { KeysUnavailable, TokenRefused, type RefusalReason } from './refusal.ts';
import { repeatedName } from './repeated-name.ts';

const MAX_LENGTH = 8 * 1024;
const MAX_AGE_S = 24 * 60 * 60;
/** The tolerated difference between the issuer's clock and ours, for new tokens. There is none for expiry. */
const CLOCK_TOLERANCE_S = 5;
/** OpenID Connect Core, section 2. */
const SUB_MAX_LENGTH = 255;
/** Control and format characters, line ends, half characters: authors are printed in histories and logs. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;

/**
 * JWS compact form (RFC 7515, section 7.1). The signature may be empty here, so that `none` is refused by
 * name.
 */
const COMPACT_FORM = /^([\w-]+)\.([\w-]+)\.([\w-]*)$/;
const HEADER_TYPES = /^(application\/)?(at\+)?jwt$/i;
/** Claims that only ID tokens have (OpenID Connect Core, sections 3.1.3.6 and 3.3.2.11). */
const ID_TOKEN_CLAIMS = ['nonce', 'at_hash', 'c_hash'];

/** Who calls. Identity only: no roles, no permissions. `issuer` and `sub` together are unique. */
export interface Identity {
  readonly sub: string;
  readonly issuer: string;
  /** True for our workers: their own tokens under HS256, a client's service account with Keycloak. */
  readonly service: boolean;
  /** When the token expires, in milliseconds since the epoch. Undefined for `anonymous`. */
  readonly expiresAt?: number;
}

export type VerifyToken = (token: string) => Promise<Identity>;

export interface TokenVerifierOptions {
  readonly log?: WarningLog | undefined;
  /** Milliseconds since the epoch. */
  readonly now?: (() => number) | undefined;
}

/**
 * Creates a verifier of bearer tokens: JWTs with the configured algorithm, issuer and audience, an expiry, an
 * issue time at most a day ago, and a non-empty subject (RFC 7519, hardened as in RFC 8725). It rejects with
 * TokenRefused, or with KeysUnavailable if the issuer's keys are not available.
 */
export function tokenVerifier(
  config: AuthConfig,
  { log, now = Date.now }: TokenVerifierOptions = {},
): VerifyToken {
  const key =
    config.algorithm === 'HS256'
      ? () => config.secret
      : jwks(`${config.realmUrl}/protocol/openid-connect/certs`, { log, now });
  const options: JWTVerifyOptions = {
    algorithms: [config.algorithm],
    issuer: config.algorithm === 'HS256' ? [config.issuer, WORKERS_ISSUER] : config.issuer,
    audience: config.audience,
    requiredClaims: ['exp', 'iat', 'sub'],
    maxTokenAge: MAX_AGE_S,
    clockTolerance: CLOCK_TOLERANCE_S,
  };
  return async (token) => {
    checkForm(token);
    const at = now();
    try {
      const { payload } = await jwtVerify(token, key, { ...options, currentDate: new Date(at) });
      return identityOf(payload, at);
    } catch (error) {
      throw refusalFor(error);
    }
  };
}

/** Checks what jose does not: length, canonical base64url, repeated names, any `crit` header. */
function checkForm(token: string): void {
  if (token.length > MAX_LENGTH) throw new TokenRefused('too_long');
  const parts = COMPACT_FORM.exec(token)?.slice(1);
  if (!parts?.every(isCanonical)) throw new TokenRefused('malformed');
  const header = checkedObject(parts[0] ?? '');
  checkedObject(parts[1] ?? '');
  if ('crit' in header) throw new TokenRefused('critical_header');
  const typ = header['typ'];
  if (typ !== undefined && !(typeof typ === 'string' && HEADER_TYPES.test(typ))) {
    throw new TokenRefused('wrong_type');
  }
}

/**
 * The unused low bits of the last character must be zero, so that a token has one spelling (RFC 4648, section
 * 3.5).
 */
function isCanonical(part: string): boolean {
  return Buffer.from(part, 'base64url').toString('base64url') === part;
}

function checkedObject(part: string): Record<string, unknown> {
  let json: string;
  let value: unknown;
  try {
    json = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Buffer.from(part, 'base64url'));
    value = JSON.parse(json);
  } catch {
    throw new TokenRefused('malformed');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new TokenRefused('malformed');
  if (repeatedName(json) !== undefined) throw new TokenRefused('claim_repeated');
  return value as Record<string, unknown>;
}

/** Checks what jose does not check, or only for some tokens. */
function identityOf(payload: JWTPayload, at: number): Identity {
  const { sub, iss } = payload;
  const exp = finiteSeconds(payload, 'exp');
  finiteSeconds(payload, 'iat');
  if (payload.nbf !== undefined) finiteSeconds(payload, 'nbf');
  if (exp * 1000 <= at) throw new TokenRefused('expired', 'exp');
  if (typeof sub !== 'string' || sub.trim() === '' || sub.length > SUB_MAX_LENGTH || INVISIBLE.test(sub)) {
    throw new TokenRefused('claim_invalid', 'sub');
  }
  if (typeof iss !== 'string') throw new TokenRefused('wrong_issuer');
  if (iss === WORKERS_ISSUER && !sub.startsWith('service:')) throw new TokenRefused('claim_invalid', 'sub');
  checkIsAccessToken(payload);
  const service = iss === WORKERS_ISSUER || isServiceAccount(payload);
  return { sub, issuer: iss, service, expiresAt: exp * 1000 };
}

/**
 * Keycloak names the user of a client-credentials token after its client, and adds the client to its session
 * (Server Administration Guide, service accounts). An administrator could give a person such a name, but only
 * that grant makes the claim `client_id`.
 */
const isServiceAccount = ({ azp, client_id: client, preferred_username: name }: JWTPayload): boolean =>
  typeof azp === 'string' && azp !== '' && client === azp && name === `service-account-${azp.toLowerCase()}`;

/** `1e999` is valid JSON and becomes Infinity. */
function finiteSeconds(payload: JWTPayload, claim: 'exp' | 'iat' | 'nbf'): number {
  const value = payload[claim];
  if (typeof value !== 'number' || !Number.isFinite(value)) throw new TokenRefused('claim_invalid', claim);
  return value;
}

/**
 * Keycloak signs ID, refresh and logout tokens with the same keys and issuer, and often the same audience;
 * the claim `typ` is `Bearer` only for access tokens. Other issuers have no such claim: their ID tokens are
 * recognised by claims that access tokens do not have.
 */
function checkIsAccessToken(payload: JWTPayload): void {
  const typ = payload['typ'];
  const idToken = typ === undefined && ID_TOKEN_CLAIMS.some((claim) => claim in payload);
  if (idToken || (typ !== undefined && typ !== 'Bearer')) throw new TokenRefused('wrong_type');
}

function refusalFor(error: unknown): TokenRefused | KeysUnavailable {
  if (error instanceof TokenRefused || error instanceof KeysUnavailable) return error;
  if (error instanceof errors.JWTExpired) {
    return new TokenRefused(error.claim === 'iat' ? 'too_old' : 'expired', error.claim);
  }
  if (error instanceof errors.JWTClaimValidationFailed) {
    return new TokenRefused(claimReason(error.claim, error.reason), error.claim);
  }
  if (error instanceof errors.JOSEError) return new TokenRefused(JOSE_REASONS[error.code] ?? 'malformed');
  return new TokenRefused('unexpected');
}

const JOSE_REASONS: Readonly<Record<string, RefusalReason>> = {
  ERR_JOSE_ALG_NOT_ALLOWED: 'wrong_algorithm',
  ERR_JOSE_NOT_SUPPORTED: 'wrong_algorithm',
  ERR_JWKS_NO_MATCHING_KEY: 'unknown_key',
  // A token must name its key if there are several (OpenID Connect Core, section 10.1).
  ERR_JWKS_MULTIPLE_MATCHING_KEYS: 'unknown_key',
  ERR_JWKS_INVALID: 'unknown_key',
  ERR_JWS_SIGNATURE_VERIFICATION_FAILED: 'wrong_signature',
};

function claimReason(claim: string, reason: string): RefusalReason {
  if (reason === 'missing') return 'claim_missing';
  if (claim === 'iss') return 'wrong_issuer';
  if (claim === 'aud') return 'wrong_audience';
  return reason === 'check_failed' ? 'not_yet_valid' : 'claim_invalid';
}
