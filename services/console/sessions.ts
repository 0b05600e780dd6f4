import type { Db, Tx } from '@crm/db';
import { createHash, randomBytes } from 'node:crypto';
import type { SecretCipher } from '@crm/kit/secrets';
import { SignInOver, type SignedIn, type Tokens, type TokenSource } from './sign-in.ts';

const MINUTE_MS = 60_000;
/** Without a call for this long a session is over. */
const IDLE_MS = 30 * MINUTE_MS;
/** A session is over after this, however busy it is. */
export const LIFETIME_MS = 10 * 60 * MINUTE_MS;
/** `seen_at` is written once in this time, not with every call. */
const SEEN_EVERY_MS = MINUTE_MS;
/** A token that is good for less than this is renewed before it is used. */
const MARGIN_MS = 30_000;

/** Who calls, and the token to call services with. */
export type Session = {
  id: string;
  nom: string;
  /** @throws SignInOver; any other error: the realm is away */
  token(): Promise<string>;
};

/** The sign-ins of people. A browser has a random value, the database its hash and, encrypted, the tokens. */
export type Sessions = {
  /** Begins a session; returns the value of its cookie. */
  begin(signedIn: SignedIn): Promise<string>;
  /** The session of a cookie, if it goes on; this call counts as a sign of life. */
  find(cookie: string | undefined): Promise<Session | undefined>;
  /** Whether a session goes on; no sign of life. */
  goesOn(id: string): Promise<boolean>;
  /** Ends the session of a cookie, here alone. */
  forget(cookie: string | undefined): Promise<void>;
  /** Ends the session of a cookie, here and where the person signed in. */
  end(cookie: string | undefined): Promise<void>;
  /** Ends what belongs to a login at the realm, or all sessions of a person. Returns how many. */
  endAll(which: { sid: string } | { sub: string }): Promise<number>;
};

export function sessions(db: Db, cipher: SecretCipher, source: TokenSource): Sessions {
  const table = db.consoleSession;
  const seal = (tokens: Tokens, id: string) => cipher.encrypt(JSON.stringify(tokens), id);
  const open = (bytes: Uint8Array, id: string) => JSON.parse(cipher.decrypt(bytes, id)) as Tokens;
  const renewals = new Map<string, Promise<string>>();

  /** One process renews at a time, and in it one call: a refresh token may be good only once. */
  const renew = async (id: string): Promise<string> => {
    const token = await db.$transaction(async (tx) => {
      const row = await lock(tx, id);
      if (!row) return undefined;
      const tokens = open(row.tokens, id);
      if (isFresh(tokens)) return tokens.access;
      try {
        const renewed = await source.renew(row.sub, tokens);
        await tx.consoleSession.update({ where: { id }, data: { tokens: seal(renewed, id) } });
        return renewed.access;
      } catch (error) {
        if (!(error instanceof SignInOver)) throw error;
        await tx.consoleSession.delete({ where: { id } });
        return undefined;
      }
    });
    if (token === undefined) throw new SignInOver('the session is over');
    return token;
  };
  const token = (id: string, tokens: Uint8Array) => async (): Promise<string> => {
    const known = open(tokens, id);
    if (isFresh(known)) return known.access;
    let renewal = renewals.get(id);
    if (!renewal) renewals.set(id, (renewal = renew(id).finally(() => renewals.delete(id))));
    return await renewal;
  };

  return {
    async begin({ sub, sid, nom, tokens }) {
      const cookie = randomBytes(32).toString('base64url');
      const id = idOf(cookie);
      await table.deleteMany({ where: over() });
      await table.create({ data: { id, sub, sid, nom, tokens: seal(tokens, id) } });
      return cookie;
    },
    async find(cookie) {
      if (!cookie) return undefined;
      const id = idOf(cookie);
      const row = await table.findFirst({ where: { id, NOT: over() } });
      if (!row) return undefined;
      if (row.seenAt.getTime() < Date.now() - SEEN_EVERY_MS)
        await table.updateMany({ where: { id }, data: { seenAt: new Date() } });
      return { id, nom: row.nom, token: token(id, row.tokens) };
    },
    async goesOn(id) {
      return (await table.count({ where: { id, NOT: over() } })) > 0;
    },
    async forget(cookie) {
      if (cookie) await table.deleteMany({ where: { id: idOf(cookie) } });
    },
    async end(cookie) {
      if (!cookie) return;
      const id = idOf(cookie);
      const row = await table.findUnique({ where: { id } });
      if (!row) return;
      await table.deleteMany({ where: { id } });
      await source.revoke(open(row.tokens, id));
    },
    async endAll(which) {
      return (await table.deleteMany({ where: which })).count;
    },
  };
}

const idOf = (cookie: string): string => createHash('sha256').update(cookie).digest('hex');

const isFresh = ({ expiresAt }: Tokens): boolean => expiresAt - Date.now() > MARGIN_MS;

/** Sessions that are over. */
const over = () => ({
  OR: [
    { seenAt: { lt: new Date(Date.now() - IDLE_MS) } },
    { createdAt: { lt: new Date(Date.now() - LIFETIME_MS) } },
  ],
});

async function lock(tx: Tx, id: string): Promise<{ sub: string; tokens: Uint8Array } | undefined> {
  const rows = await tx.$queryRaw<{ sub: string; tokens: Uint8Array }[]>`
    SELECT "sub", "tokens" FROM "console"."sessions" WHERE "id" = ${id} FOR UPDATE`;
  return rows[0];
}
