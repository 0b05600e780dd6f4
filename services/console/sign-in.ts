/** What a session keeps of a sign-in, encrypted. */
export type Tokens = {
  access: string;
  /** When the access token expires, in milliseconds since the epoch. */
  expiresAt: number;
  /** The realm's refresh token; empty on a local platform. */
  refresh: string;
};

/** A person who has signed in. */
export type SignedIn = {
  sub: string;
  /** The login at Keycloak; empty on a local platform. */
  sid: string;
  /** How the person is called on the pages. */
  nom: string;
  tokens: Tokens;
};

/** Where sessions get tokens from. */
export type TokenSource = {
  /**
   * New tokens for a session.
   * @throws SignInOver if there are none any more; any other error: to be tried again
   */
  renew(sub: string, tokens: Tokens): Promise<Tokens>;
  /** Ends the sign-in where it was made. */
  revoke(tokens: Tokens): Promise<void>;
};

/** The person has to sign in again: the login at the realm is over. */
export class SignInOver extends Error {
  override readonly name = 'SignInOver';
}
