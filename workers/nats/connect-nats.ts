import { connect, ErrorCode, type NatsConnection, type NatsError } from 'nats';
import { readServers } from './read-servers.ts';

/** NATS does not let us in. The message is a sentence without the login. */
class NatsLoginRefused extends Error {
  override readonly name = 'NatsLoginRefused';
}

/**
 * Connects, and reconnects for as long as it takes: also the first connection waits for a server that is not up
 * yet. A login that the server refuses twice ends the connection, the first one or one in use. Nobody else in Suivi
 * opens a connection.
 * @param url servers, separated by commas: `nats://user:password@host:port`
 * @throws {NatsLoginRefused} when the server wants a login that the URL does not have, or another one
 */
export async function connectNats(url: string, name: string): Promise<NatsConnection> {
  const { servers, login } = readServers(url);
  try {
    return await connect({
      servers,
      ...login,
      name,
      waitOnFirstConnect: true,
      maxReconnectAttempts: -1,
      reconnectTimeWait: 500,
      reconnectJitter: 250,
      pingInterval: 10_000,
      maxPingOut: 2,
    });
  } catch (error) {
    throw refusal(error as NatsError, login !== undefined);
  }
}

/**
 * Resolves when a connection is closed by us; rejects when it is lost for good.
 * @throws {NatsLoginRefused} when the server has come to refuse the login
 */
export async function lost(nats: NatsConnection): Promise<void> {
  const error = await nats.closed();
  if (error) throw refusal(error as NatsError, true);
}

function refusal(error: NatsError, hadLogin: boolean): Error {
  if (error.code !== String(ErrorCode.AuthorizationViolation)) return error;
  return new NatsLoginRefused(
    hadLogin
      ? 'NATS refuses the login of NATS_URL: its user or its password is not the server’s.'
      : 'NATS asks for a login and NATS_URL has none: nats://user:password@host:port.',
  );
}
