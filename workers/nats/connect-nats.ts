import { connect, ErrorCode, type NatsConnection, type NatsError } from 'nats';
import { readServers } from './read-servers.ts';

/** NATS refuses the login. The message is a sentence that does not contain it. */
class NatsLoginRefused extends Error {
  override readonly name = 'NatsLoginRefused';
}

/**
 * Connects and reconnects without limit; it also waits for a server that is not up yet. If the server refuses
 * the login twice, at the start or later, the connection ends. Nothing else in Suivi opens a connection to
 * NATS.
 * @param url servers, separated by commas: `nats://user:password@host:port`
 * @throws {NatsLoginRefused} the server requires a login, or another one than the URL has
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
 * Resolves when we close the connection; rejects when it is lost for good.
 * @throws {NatsLoginRefused} the server refuses the login now
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
