import { SignJWT } from 'jose';
import { PlainError } from './plain-error.ts';

export interface TokenInput {
  sub: string;
  /** `30s`, `5m`, `12h`, `2d`; `-5m` creates an expired token. */
  expires: string;
  /** At least 32 bytes (RFC 7518, 3.2). */
  secret: string;
  /** Read for `AUTH_ISSUER` (default `suivi`) and `AUTH_AUDIENCE` (default `crm`). */
  env: NodeJS.ProcessEnv;
}

/** A token that services with `JWT_SECRET` accept: HS256 with iss, aud, sub, iat and exp. */
export async function createToken({ sub, expires, secret, env }: TokenInput): Promise<string> {
  const key = new TextEncoder().encode(secret);
  if (key.length < 32)
    throw new PlainError(`JWT_SECRET has ${key.length} bytes; the services take no less than 32.`);
  if (sub === '') throw new PlainError('--sub must not be empty.');
  const token = new SignJWT()
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .setIssuer(env.AUTH_ISSUER || 'suivi')
    .setAudience(env.AUTH_AUDIENCE || 'crm')
    .setSubject(sub)
    .setIssuedAt();
  try {
    token.setExpirationTime(expires);
  } catch {
    throw new PlainError(`--expires ${expires} is no length of time. Say 30s, 5m, 12h or 2d.`);
  }
  return await token.sign(key);
}
