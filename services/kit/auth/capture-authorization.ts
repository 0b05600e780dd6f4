import type { Server } from '@grpc/grpc-js';
import { beforeEachCall } from '../rpc/before-each-call.ts';

/** Of the request whose interceptors are being made. */
let captured: readonly string[] | undefined;

/**
 * Takes the `authorization` headers of a server's requests away from grpc-js and shows them to interceptors,
 * every one of them: call it on a new Server, before bindAsync.
 *
 * Of two such headers node:http2 keeps the first and drops the other without a word, so that interceptors
 * cannot tell; and a value with a character grpc-js does not like, it prints, token and all.
 */
export const captureAuthorization = (server: Server): Server =>
  beforeEachCall(
    server,
    (headers, rawHeaders) => {
      // Names, lower case in HTTP/2, and values by turns.
      captured = rawHeaders.filter(
        (_, index) => index % 2 === 1 && rawHeaders[index - 1] === 'authorization',
      );
      delete headers.authorization;
    },
    () => {
      captured = undefined;
    },
  );

/**
 * The values of all `authorization` headers of the request being accepted; undefined when the server did not
 * go through captureAuthorization. To be called while an interceptor makes its call object, not later.
 */
export function capturedAuthorization(): readonly string[] | undefined {
  return captured;
}
