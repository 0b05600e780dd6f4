import { Code, ConnectError, createContextValues, type ConnectRouter } from '@connectrpc/connect';
import { connectNodeAdapter } from '@connectrpc/connect-node';
import cookie from '@fastify/cookie';
import serveStatic from '@fastify/static';
import { metrics } from '@opentelemetry/api';
import fastify, { type FastifyInstance, type FastifyRequest } from 'fastify';
import type { IncomingMessage } from 'node:http';
import { BACKCHANNEL_LOGOUT } from './backchannel-logout.ts';
import { SESSION } from './rpc-routes.ts';
import { securityHeaders } from './security-headers.ts';
import type { Session, Sessions } from './sessions.ts';
import { sessionCookie } from './sign-in-routes.ts';

/** A header that only scripts of the same origin can send: any other needs a permission that nobody gives (CORS). */
const OUR_PAGES = 'x-suivi';
const STREAM = 'application/connect+proto';
const REQUEST_MAX_BYTES = 20 * 1024 * 1024;

type Settings = {
  origin: string;
  /** The folder with the built pages. */
  pages: string;
  routes: (router: ConnectRouter) => void;
  sessions: Sessions;
};

/** The HTTP server of the pages and of their calls; what is below `/auth` is added by others. */
export async function webServer({ origin, pages, routes, sessions }: Settings): Promise<FastifyInstance> {
  const app = fastify({ forceCloseConnections: 'idle', bodyLimit: 16 * 1024, trustProxy: false });
  const headers = securityHeaders(origin);
  const duration = metrics.getMeter('suivi').createHistogram('console_request_duration_seconds', {
    description: 'Time of a request of the pages',
    advice: { explicitBucketBoundaries: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10] },
  });
  await app.register(cookie);
  app.addHook('onRequest', async (request, reply) => {
    reply.headers(headers);
    if (request.url.startsWith('/auth/') || request.url.startsWith('/rpc/'))
      reply.header('cache-control', 'no-store');
    if (changes(request) && request.url !== BACKCHANNEL_LOGOUT && !isOurs(request, origin))
      await reply.code(403).send({ error: 'cross_site' });
  });
  app.addHook('onResponse', async ({ routeOptions, method }, reply) => {
    duration.record(reply.elapsedTime / 1000, {
      route: routeOptions.url ?? '',
      method,
      status: reply.raw.statusCode,
    });
  });
  await serveRpcs(app, routes, sessions);
  await app.register(serveStatic, {
    root: pages,
    wildcard: false, // the files are listed once, at the start
    preCompressed: true,
    cacheControl: false, // said below
    setHeaders(reply, path) {
      const isHashed = path.includes('/assets/');
      void reply.setHeader('cache-control', isHashed ? 'public, max-age=31536000, immutable' : 'no-cache');
    },
  });
  // an address of the pages: the page itself knows what is there
  app.setNotFoundHandler(async (request, reply) =>
    request.method === 'GET' && request.headers.accept?.includes('text/html')
      ? await reply.header('cache-control', 'no-cache').sendFile('index.html')
      : await reply.code(404).send({ error: 'not_found' }),
  );
  return app;
}

const changes = ({ method }: FastifyRequest): boolean => method !== 'GET' && method !== 'HEAD';

const isOurs = ({ headers }: FastifyRequest, origin: string): boolean =>
  headers.origin === origin && headers[OUR_PAGES] === '1';

async function serveRpcs(
  app: FastifyInstance,
  routes: Settings['routes'],
  sessions: Sessions,
): Promise<void> {
  const closing = new AbortController();
  // streams do not end by themselves, and close() would wait for them
  app.addHook('preClose', async () => closing.abort(new ConnectError('restarting', Code.Unavailable)));
  const callers = new WeakMap<IncomingMessage, Session>();
  const answer = connectNodeAdapter({
    routes,
    requestPathPrefix: '/rpc',
    grpc: false,
    grpcWeb: false,
    readMaxBytes: REQUEST_MAX_BYTES,
    shutdownSignal: closing.signal,
    contextValues: (request) => createContextValues().set(SESSION, callers.get(request as IncomingMessage)),
  });
  await app.register((scope, _options, done) => {
    scope.removeAllContentTypeParsers();
    // the adapter reads the body
    scope.addContentTypeParser('*', (_request, _payload, parsed) => parsed(null));
    scope.post('/rpc/*', async (request, reply) => {
      const session = await sessions.find(sessionCookie(request));
      if (session) callers.set(request.raw, session);
      const { raw } = reply.hijack();
      for (const [name, value] of Object.entries(reply.getHeaders()))
        if (value !== undefined) raw.setHeader(name, value);
      if (request.headers['content-type'] === STREAM) {
        // the adapter waits for the first message; a page is to know before that its stream is open
        raw.writeHead(200, { 'content-type': STREAM }).flushHeaders();
        raw.writeHead = () => raw;
      }
      answer(request.raw, raw);
    });
    done();
  });
}
