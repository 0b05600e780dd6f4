import type { Server } from '@grpc/grpc-js';
import { beforeEachCall } from './before-each-call.ts';

/** The default maximum size of a request: 1 MiB. A larger one is RESOURCE_EXHAUSTED. */
const MAX_REQUEST_BYTES = 1024 * 1024;
const MAX_RECEIVE = 'grpc.max_receive_message_length';

/**
 * Makes a new Server refuse requests that are too large for their method (RESOURCE_EXHAUSTED) before they are
 * received, and compressed ones (UNIMPLEMENTED), because a few bytes could unpack to all of a container's
 * memory. grpc-js has one size for a whole server, which it reads when each call begins, and it decompresses
 * everything.
 * @param large the maximum bytes of a request, by the full names of methods that accept larger ones
 * @throws Error if this version of grpc-js stores its options elsewhere
 */
export function limitRequests(server: Server, large: ReadonlyMap<string, number> = new Map()): Server {
  const { options } = server as unknown as { options?: Record<string, unknown> };
  if (typeof options !== 'object') throw new Error('@grpc/grpc-js has no Server.options any more');
  options[MAX_RECEIVE] = MAX_REQUEST_BYTES;
  return beforeEachCall(server, (headers) => {
    options[MAX_RECEIVE] = large.get(headers[':path'] ?? '') ?? MAX_REQUEST_BYTES;
    const encoding = headers['grpc-encoding'];
    if (encoding === undefined || encoding === 'identity') return;
    // grpc-js names the encoding in its refusal; a message that is not compressed after all is accepted
    headers['grpc-encoding'] = `${String(encoding).slice(0, 20)}: no compression is accepted here`;
  });
}
