import type { Http2Server, IncomingHttpHeaders, ServerHttp2Stream } from 'node:http2';
import type { Server } from '@grpc/grpc-js';

/** Of the request whose interceptors are being made. */
let captured: readonly string[] | undefined;

/**
 * Takes the `authorization` headers of a server's requests away from grpc-js and shows them to interceptors,
 * every one of them: call it on a new Server, before bindAsync.
 *
 * Of two such headers node:http2 keeps the first and drops the other without a word, so that interceptors
 * cannot tell; and a value with a character grpc-js does not like, it prints, token and all. The headers as
 * they came are the fourth argument of the http2 server's 'stream' event, and the only way to that server,
 * early enough, is the method with which grpc-js makes it.
 * @throws Error when this version of grpc-js makes its servers differently
 */
export function captureAuthorization(server: Server): Server {
  const inner = server as unknown as { createHttp2Server?: (...args: unknown[]) => Http2Server };
  const create = inner.createHttp2Server;
  if (typeof create !== 'function') {
    throw new Error(
      '@grpc/grpc-js has no Server.createHttp2Server any more: authorization cannot be captured',
    );
  }
  inner.createHttp2Server = (...args) => {
    const http2Server = create.apply(server, args);
    // Listeners run one after the other: first this one, then that of grpc-js, which makes the interceptors,
    // then the one that forgets. What one request sent is never seen by another.
    http2Server.prependListener('stream', (...event: unknown[]) => {
      const [, headers, , rawHeaders] = event as [ServerHttp2Stream, IncomingHttpHeaders, number, string[]];
      // Names, lower case in HTTP/2, and values by turns.
      captured = rawHeaders.filter(
        (_, index) => index % 2 === 1 && rawHeaders[index - 1] === 'authorization',
      );
      delete headers.authorization;
    });
    http2Server.on('stream', () => {
      captured = undefined;
    });
    return http2Server;
  };
  return server;
}

/**
 * The values of all `authorization` headers of the request being accepted; undefined when the server did not
 * go through captureAuthorization. To be called while an interceptor makes its call object, not later.
 */
export function capturedAuthorization(): readonly string[] | undefined {
  return captured;
}
