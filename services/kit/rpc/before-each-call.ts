import type { Server } from '@grpc/grpc-js';
import type { Http2Server, IncomingHttpHeaders, ServerHttp2Stream } from 'node:http2';

/**
 * Calls `see` with the headers of each request before grpc-js reads them, and `after` once grpc-js has
 * created the request's interceptors. Use it on a new Server, before bindAsync. Changes to the headers reach
 * grpc-js.
 *
 * The raw headers are the fourth argument of the http2 server's 'stream' event, and the only early way to
 * that server is the method with which grpc-js creates it.
 * @throws Error if this version of grpc-js creates its servers in another way
 */
export function beforeEachCall(
  server: Server,
  see: (headers: IncomingHttpHeaders, rawHeaders: string[]) => void,
  after: () => void = () => {},
): Server {
  const inner = server as unknown as { createHttp2Server?: (...args: unknown[]) => Http2Server };
  const create = inner.createHttp2Server;
  if (typeof create !== 'function') {
    throw new Error('@grpc/grpc-js has no Server.createHttp2Server any more: requests cannot be looked at');
  }
  inner.createHttp2Server = (...args) => {
    const http2Server = create.apply(server, args);
    // Listeners run one after the other: this one, then grpc-js's, which creates the interceptors, then the
    // last one. So one request never sees another's headers.
    http2Server.prependListener('stream', (...event: unknown[]) => {
      const [, headers, , rawHeaders] = event as [ServerHttp2Stream, IncomingHttpHeaders, number, string[]];
      see(headers, rawHeaders);
    });
    http2Server.on('stream', after);
    return http2Server;
  };
  return server;
}
