import { SignJWT } from 'jose';
import type { SecretAuth } from './auth-config.ts';

export interface TokenClaims {
  readonly sub: string;
  /** Default: the issuer in the configuration. */
  readonly issuer?: string;
  readonly lifetimeSeconds: number;
  /** Milliseconds since the epoch; default: now. */
  readonly issuedAt?: number;
}

/**
 * Signs a bearer token that services with the same secret accept. HS256 only: nobody here has a realm's key.
 */
export function signToken(config: SecretAuth, claims: TokenClaims): Promise<string> {
  const iat = Math.floor((claims.issuedAt ?? Date.now()) / 1000);
  return new SignJWT()
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .setIssuer(claims.issuer ?? config.issuer)
    .setAudience(config.audience)
    .setSubject(claims.sub)
    .setIssuedAt(iat)
    .setExpirationTime(iat + claims.lifetimeSeconds)
    .sign(config.secret);
}
