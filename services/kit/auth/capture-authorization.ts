import type { Server } from '@grpc/grpc-js';
import { beforeEachCall } from '../rpc/before-each-call.ts';

/** The headers of the request whose interceptors are being created. */
let captured: readonly string[] | undefined;

/**
 * Hides the `authorization` headers of requests from grpc-js and gives all of them to interceptors. Call it
 * on a new Server before bindAsync.
 *
 * Reasons: of two such headers node:http2 silently drops the second, so interceptors could not tell; and
 * grpc-js prints a value with characters that it refuses, including the token.
 */
export const captureAuthorization = (server: Server): Server =>
  beforeEachCall(
    server,
    (headers, rawHeaders) => {
      // Names (lower case in HTTP/2) and values alternate.
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
 * The values of all `authorization` headers of the request; undefined if the server does not use
 * captureAuthorization. Call it while an interceptor creates its call object, not later.
 */
export function capturedAuthorization(): readonly string[] | undefined {
  return captured;
}
