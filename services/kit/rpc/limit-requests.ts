import type { Server } from '@grpc/grpc-js';
import { beforeEachCall } from './before-each-call.ts';

/** Requests over this size are RESOURCE_EXHAUSTED unless a method takes larger ones: 1 MiB. */
const MAX_REQUEST_BYTES = 1024 * 1024;
const MAX_RECEIVE = 'grpc.max_receive_message_length';

/**
 * Has a new Server refuse requests that are too large for their method (RESOURCE_EXHAUSTED), before they are taken, and
 * compressed ones (UNIMPLEMENTED): a few bytes of them would take all of a container's memory. grpc-js has one size for
 * a whole server, which it reads as each call begins, and decompresses whatever comes.
 * @param large bytes of a request, by the full names of the methods that take larger ones
 * @throws Error when this version of grpc-js keeps its options elsewhere
 */
export function limitRequests(server: Server, large: ReadonlyMap<string, number> = new Map()): Server {
  const { options } = server as unknown as { options?: Record<string, unknown> };
  if (typeof options !== 'object') throw new Error('@grpc/grpc-js has no Server.options any more');
  options[MAX_RECEIVE] = MAX_REQUEST_BYTES;
  return beforeEachCall(server, (headers) => {
    options[MAX_RECEIVE] = large.get(headers[':path'] ?? '') ?? MAX_REQUEST_BYTES;
    const encoding = headers['grpc-encoding'];
    if (encoding === undefined || encoding === 'identity') return;
    // grpc-js names it in its refusal; a message that is not compressed in spite of it is taken
    headers['grpc-encoding'] = `${String(encoding).slice(0, 20)}: no compression is accepted here`;
  });
}
