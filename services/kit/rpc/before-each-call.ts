import type { Server } from '@grpc/grpc-js';
import type { Http2Server, IncomingHttpHeaders, ServerHttp2Stream } from 'node:http2';

/**
 * Has `see` look at the headers of each request before grpc-js does, and `after` called once it has made the request's
 * interceptors: call it on a new Server, before bindAsync. What `see` changes of the headers grpc-js sees changed.
 *
 * The headers as they came are the fourth argument of the http2 server's 'stream' event, and the only way to that server,
 * early enough, is the method with which grpc-js makes it.
 * @throws Error when this version of grpc-js makes its servers differently
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
    // Listeners run one after the other: first this one, then that of grpc-js, which makes the interceptors, then the
    // last one. What one request sent is never seen by another.
    http2Server.prependListener('stream', (...event: unknown[]) => {
      const [, headers, , rawHeaders] = event as [ServerHttp2Stream, IncomingHttpHeaders, number, string[]];
      see(headers, rawHeaders);
    });
    http2Server.on('stream', after);
    return http2Server;
  };
  return server;
}
