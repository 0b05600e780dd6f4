import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Answer = (request: IncomingMessage, response: ServerResponse) => unknown;

export interface Realm {
  readonly url: string;
  /** The number of requests so far. */
  requests: number;
  /** The next answers. A test replaces it for an outage or a rotation. */
  answer: Answer;
  readonly stop: () => Promise<void>;
}

/** A server in place of a Keycloak realm, on a free port: it answers every path as the test says. */
export async function startRealm(answer: Answer): Promise<Realm> {
  const server = createServer((request, response) => {
    realm.requests += 1;
    realm.answer(request, response);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const realm: Realm = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/realms/crm`,
    requests: 0,
    answer,
    stop: async () => {
      server.closeAllConnections();
      await once(server.close(), 'close');
    },
  };
  return realm;
}

export const json =
  (body: unknown): Answer =>
  (_, response) =>
    response.end(JSON.stringify(body));

/** An outage, as a client sees it. */
export const hangUp: Answer = (request) => request.socket.destroy();
