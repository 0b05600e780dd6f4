import { jwks, type AuthConfig, type Logger } from '@crm/kit';
import type { FastifyInstance } from 'fastify';
import { jwtVerify } from 'jose';
import type { Sessions } from './sessions.ts';

export const BACKCHANNEL_LOGOUT = '/auth/backchannel-logout';
const EVENT = 'http://schemas.openid.net/event/backchannel-logout';
const BODY_MAX_BYTES = 16 * 1024;

/**
 * The realm says that a login is over (OpenID Connect Back-Channel Logout 1.0): a signed token, no cookie and no Origin.
 * A repeat ends nothing more.
 */
export async function backchannelLogout(
  app: FastifyInstance,
  {
    auth,
    clientId,
    sessions,
    log,
  }: {
    auth: Extract<AuthConfig, { algorithm: 'RS256' }>;
    clientId: string;
    sessions: Sessions;
    log: Logger;
  },
): Promise<void> {
  const keys = jwks(`${auth.realmUrl}/protocol/openid-connect/certs`, { log });
  await app.register((scope, _options, done) => {
    scope.addContentTypeParser(
      'application/x-www-form-urlencoded',
      { parseAs: 'string', bodyLimit: BODY_MAX_BYTES },
      (_request, body, parsed) => parsed(null, new URLSearchParams(String(body))),
    );
    scope.post(BACKCHANNEL_LOGOUT, async (request, reply) => {
      reply.header('cache-control', 'no-store');
      const token = request.body instanceof URLSearchParams ? request.body.get('logout_token') : undefined;
      try {
        const { payload } = await jwtVerify(token ?? '', keys, {
          issuer: auth.issuer,
          audience: clientId,
          typ: 'logout+jwt',
          algorithms: ['RS256'],
          maxTokenAge: '2 minutes',
          clockTolerance: 5,
          requiredClaims: ['jti', 'iat', 'exp', 'events'],
        });
        const { events, nonce, sid, sub } = payload;
        // section 2.6: with a nonce it would be an ID token
        if (nonce !== undefined || typeof events !== 'object' || !(EVENT in events!))
          throw new Error('no event');
        const which = typeof sid === 'string' && sid ? { sid } : sub ? { sub } : undefined;
        if (!which) throw new Error('it names nobody');
        log.info({ sessions: await sessions.endAll(which) }, 'signed out at the realm');
        return await reply.send();
      } catch (error) {
        log.warn({ reason: (error as Error).message }, 'a logout token was refused');
        return await reply.code(400).send({ error: 'invalid_request' });
      }
    });
    done();
  });
}
