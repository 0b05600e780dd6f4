import type { Logger } from '@crm/kit';
import type { SecretCipher } from '@crm/kit/secrets';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { LocalSignIn } from './local-sign-in.ts';
import type { Attempt, RealmSignIn } from './realm-sign-in.ts';
import { LIFETIME_MS, type Sessions } from './sessions.ts';
import type { SignedIn } from './sign-in.ts';

/** The cookie with the session. `__Host-`: of this origin alone, and only as it is set here (RFC 6265bis, 4.1.3.2). */
const SESSION_COOKIE = '__Host-suivi';
/** The cookie on the way to the realm and back. */
const ATTEMPT_COOKIE = '__Host-suivi-sign-in';
const ATTEMPT_S = 10 * 60;
const PROTECTED = { path: '/', httpOnly: true, secure: true, sameSite: 'lax' } as const;

/** How people sign in: by a name on this machine, or at the realm. */
export type SignIn = { local: LocalSignIn } | { realm: RealmSignIn };

type Parts = { signIn: SignIn; sessions: Sessions; cipher: SecretCipher; log: Logger };

/** The value of the session's cookie. */
export const sessionCookie = ({ cookies }: FastifyRequest): string | undefined => cookies[SESSION_COOKIE];

/** Signing in and out, below `/auth`. */
export function signInRoutes(app: FastifyInstance, { signIn, sessions, cipher, log }: Parts): void {
  const begin = async (signedIn: SignedIn, request: FastifyRequest, reply: FastifyReply) => {
    // whoever signs in again leaves nothing behind here; at the realm it is the same login, which must go on
    await sessions.forget(sessionCookie(request));
    const cookie = await sessions.begin(signedIn);
    reply.setCookie(SESSION_COOKIE, cookie, { ...PROTECTED, maxAge: LIFETIME_MS / 1000 });
    log.info({ sub: signedIn.sub }, 'signed in');
  };

  /** Who has signed in, and how one does. */
  app.get('/auth/session', async (request) => {
    const session = await sessions.find(sessionCookie(request));
    return { nom: session?.nom ?? null, local: 'local' in signIn };
  });

  app.post('/auth/sign-out', async (request, reply) => {
    await sessions.end(sessionCookie(request)).catch((err: unknown) => {
      log.warn({ err }, 'signed out here, not at the realm');
    });
    return await reply.clearCookie(SESSION_COOKIE, PROTECTED).code(204).send();
  });

  if ('local' in signIn) {
    app.post('/auth/local', async (request, reply) => {
      const signedIn = await signIn.local.signIn((request.body as { nom?: unknown } | null)?.nom);
      if (!signedIn) return await reply.code(400).send({ error: 'nom' });
      await begin(signedIn, request, reply);
      return await reply.code(204).send();
    });
    return;
  }

  const { realm } = signIn;
  app.get('/auth/sign-in', async (request, reply) => {
    const { retour } = request.query as { retour?: unknown };
    try {
      const { url, attempt } = await realm.begin();
      const kept = JSON.stringify({ attempt, retour: pathOf(retour), until: Date.now() + ATTEMPT_S * 1000 });
      const sealed = Buffer.from(cipher.encrypt(kept, ATTEMPT_COOKIE)).toString('base64url');
      reply.setCookie(ATTEMPT_COOKIE, sealed, { ...PROTECTED, maxAge: ATTEMPT_S });
      return await reply.redirect(url.href);
    } catch (err) {
      log.warn({ err }, 'the realm is not available');
      return await reply.redirect('/connexion?erreur=absent');
    }
  });

  app.get('/auth/callback', async (request, reply) => {
    const kept = attemptOf(cipher, request.cookies[ATTEMPT_COOKIE]);
    reply.clearCookie(ATTEMPT_COOKIE, PROTECTED);
    if (!kept) return await reply.redirect('/connexion?erreur=perdue');
    try {
      const query = request.url.split('?')[1] ?? '';
      await begin(await realm.finish(query, kept.attempt), request, reply);
    } catch (err) {
      log.warn({ err }, 'a sign-in failed');
      return await reply.redirect('/connexion?erreur=refusee');
    }
    return await reply.redirect(kept.retour);
  });
}

function attemptOf(
  cipher: SecretCipher,
  cookie: string | undefined,
): { attempt: Attempt; retour: string } | undefined {
  try {
    const text = cipher.decrypt(Buffer.from(cookie ?? '', 'base64url'), ATTEMPT_COOKIE);
    const { until, ...kept } = JSON.parse(text) as { attempt: Attempt; retour: string; until: number };
    return Date.now() < until ? kept : undefined;
  } catch {
    return undefined;
  }
}

/** A path of these pages; any other address would be somebody else's. */
function pathOf(given: unknown): string {
  const base = 'http://here';
  if (typeof given !== 'string' || !given.startsWith('/') || !URL.canParse(given, base)) return '/';
  const { origin, pathname, search } = new URL(given, base);
  return origin === base && !pathname.startsWith('//') ? pathname + search : '/';
}
