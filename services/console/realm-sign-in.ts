import { fetchJson, type AuthConfig } from '@crm/kit';
import { decodeJwt } from 'jose';
import * as oidc from 'openid-client';
import type { ConsoleConfig } from './console-config.ts';
import { SignInOver, type SignedIn, type Tokens, type TokenSource } from './sign-in.ts';

const TIMEOUT_S = 5;
const METADATA_MAX_BYTES = 64 * 1024;

/** What the browser keeps, encrypted, from the way to the realm until it is back. */
export type Attempt = { verifier: string; state: string; nonce: string };

/** Sign-in at a realm: OpenID Connect, authorization code with PKCE, as a confidential client. */
export type RealmSignIn = TokenSource & {
  /** Where to send the browser, and what to keep until it is back. */
  begin(): Promise<{ url: URL; attempt: Attempt }>;
  /**
   * @param query of the request that the realm sent the browser back with
   * @throws Error if it does not answer the attempt, or the realm says no
   */
  finish(query: string, attempt: Attempt): Promise<SignedIn>;
};

export function realmSignIn(
  auth: Extract<AuthConfig, { algorithm: 'RS256' }>,
  { origin, client }: Pick<ConsoleConfig, 'origin' | 'client'>,
): RealmSignIn {
  const redirectUri = `${origin}/auth/callback`;
  const realm = whenAsked(() => discover(auth, client));
  return {
    async begin() {
      const attempt = {
        verifier: oidc.randomPKCECodeVerifier(),
        state: oidc.randomState(),
        nonce: oidc.randomNonce(),
      };
      const url = oidc.buildAuthorizationUrl(await realm(), {
        redirect_uri: redirectUri,
        scope: 'openid',
        code_challenge: await oidc.calculatePKCECodeChallenge(attempt.verifier),
        code_challenge_method: 'S256',
        state: attempt.state,
        nonce: attempt.nonce,
      });
      return { url, attempt };
    },
    async finish(query, { verifier, state, nonce }) {
      // not the request's own address: behind a proxy that is another one
      const url = new URL(`${redirectUri}?${query}`);
      const answer = await oidc.authorizationCodeGrant(await realm(), url, {
        pkceCodeVerifier: verifier,
        expectedState: state,
        expectedNonce: nonce,
        idTokenExpected: true,
      });
      const { sub, sid } = answer.claims()!;
      const { preferred_username: name } = decodeJwt(answer.access_token);
      return {
        sub,
        sid: typeof sid === 'string' ? sid : '',
        nom: typeof name === 'string' ? name : sub,
        tokens: tokensOf(answer),
      };
    },
    async renew(_sub, tokens) {
      try {
        return tokensOf(await oidc.refreshTokenGrant(await realm(), tokens.refresh), tokens.refresh);
      } catch (error) {
        // anything else: the realm is away, and comes back
        if (error instanceof oidc.ResponseBodyError && error.error === 'invalid_grant')
          throw new SignInOver('the login at the realm is over', { cause: error });
        throw error;
      }
    },
    /** From here, because in the browser the realm would want the ID token in the address. */
    async revoke({ refresh }) {
      const { end_session_endpoint: endpoint } = (await realm()).serverMetadata();
      if (!endpoint || !refresh) return;
      const { id, secret } = client;
      const response = await fetch(endpoint, {
        method: 'POST',
        body: new URLSearchParams({ client_id: id, client_secret: secret, refresh_token: refresh }),
        redirect: 'error',
        signal: AbortSignal.timeout(TIMEOUT_S * 1000),
      });
      if (!response.ok) throw new Error(`the realm answers a logout with ${response.status}`);
    },
  };
}

/**
 * Reads what the realm says of itself at the address by which servers know it. Its issuer is the one of the tokens, which
 * may be another address: that by which people know it.
 */
async function discover(
  { realmUrl, issuer }: Extract<AuthConfig, { algorithm: 'RS256' }>,
  { id, secret }: ConsoleConfig['client'],
): Promise<oidc.Configuration> {
  const metadata = (await fetchJson(`${realmUrl}/.well-known/openid-configuration`, {
    timeoutMs: TIMEOUT_S * 1000,
    maxBytes: METADATA_MAX_BYTES,
  })) as oidc.ServerMetadata;
  if (metadata.issuer !== issuer)
    throw new Error(`${realmUrl} is the realm ${metadata.issuer}, not ${issuer} as AUTH_ISSUER says`);
  const config = new oidc.Configuration(metadata, id, undefined, oidc.ClientSecretBasic(secret));
  config.timeout = TIMEOUT_S;
  // the signature counts, too: inside a cluster the way to the realm need not be TLS
  oidc.enableNonRepudiationChecks(config);
  if (realmUrl.startsWith('http:')) oidc.allowInsecureRequests(config);
  return config;
}

/** Asks once, and again after a failure. */
function whenAsked<T>(ask: () => Promise<T>): () => Promise<T> {
  let answer: Promise<T> | undefined;
  return () =>
    (answer ??= ask().catch((error: unknown) => {
      answer = undefined;
      throw error;
    }));
}

function tokensOf(answer: oidc.TokenEndpointResponse, refresh = ''): Tokens {
  return {
    access: answer.access_token,
    expiresAt: Date.now() + (answer.expires_in ?? 60) * 1000,
    refresh: answer.refresh_token ?? refresh,
  };
}
