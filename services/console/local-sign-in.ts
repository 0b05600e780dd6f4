import { signToken, type AuthConfig } from '@crm/kit';
import type { SignedIn, Tokens, TokenSource } from './sign-in.ts';

const LIFETIME_S = 5 * 60;

/** A name that somebody may sign in by: workers are called `service:…`. */
const NAME = /^(?!service:)[\p{L}\p{N}][\p{L}\p{N} ._@'-]{0,79}$/u;

/** Sign-in by a name alone, for a platform on this machine whose tokens are signed with `JWT_SECRET`. */
export type LocalSignIn = TokenSource & {
  /** Undefined: nobody can be called that. */
  signIn(name: unknown): Promise<SignedIn | undefined>;
};

export function localSignIn(auth: Extract<AuthConfig, { algorithm: 'HS256' }>): LocalSignIn {
  const mint = async (sub: string): Promise<Tokens> => {
    const issuedAt = Date.now();
    const access = await signToken(auth, { sub, lifetimeSeconds: LIFETIME_S, issuedAt });
    return { access, expiresAt: issuedAt + LIFETIME_S * 1000, refresh: '' };
  };
  return {
    async signIn(name) {
      const sub = typeof name === 'string' ? name.trim() : '';
      if (!NAME.test(sub)) return undefined;
      return { sub, sid: '', nom: sub, tokens: await mint(sub) };
    },
    renew: mint,
    revoke: () => Promise.resolve(),
  };
}
