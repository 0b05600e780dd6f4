import {
  authConfig,
  authSpec,
  config,
  connectTo,
  PORTS,
  serviceAccountSpec,
  serviceTokens,
  type Connected,
  type ServiceName,
} from '@crm/kit';
import type { ServiceDefinition, ServiceError } from '@grpc/grpc-js';
import { userInfo } from 'node:os';
import { createToken } from '../create-token.ts';
import { dataFolderPath, readSecrets } from '../data-folder.ts';
import { PlainError } from '../plain-error.ts';
import { parsePortOffset } from '../ports.ts';

/**
 * Connects to services, as whoever `TOKEN` is of; where it is not set, as the workers in their container, or as the
 * operator with the local platform's secret.
 */
export type CallService = <D extends ServiceDefinition>(service: ServiceName, definition: D) => Connected<D>;

/** Runs work with services, and closes the connections. What a service refuses is told in its own words. */
export async function withServices<T>(work: (call: CallService) => Promise<T>): Promise<T> {
  const given = process.env.TOKEN;
  const token = given ? () => Promise.resolve(given) : (workersTokens() ?? ownTokens());
  const opened: { close(): void }[] = [];
  try {
    return await work((service, definition) => {
      const address =
        process.env[`${service.toUpperCase()}_ADDRESS`] ||
        `127.0.0.1:${PORTS[service] + parsePortOffset(process.env.PORT_OFFSET)}`;
      const client = connectTo(definition, address, token);
      opened.push(client);
      return client;
    });
  } catch (error) {
    const { details } = error as Partial<ServiceError>;
    throw typeof details === 'string' ? new PlainError(details) : error;
  } finally {
    for (const client of opened) client.close();
  }
}

/** With the client of Keycloak that the workers have, where the environment is theirs. */
function workersTokens(): (() => Promise<string | undefined>) | undefined {
  if (!process.env.KEYCLOAK_CLIENT_SECRET) return undefined;
  const auth = authConfig(config({ ...authSpec, ...serviceAccountSpec }));
  return serviceTokens(auth, { sub: 'service:ops' });
}

/** One for each call: a migration of thousands lasts longer than a token. */
function ownTokens(): () => Promise<string> {
  const secret = process.env.JWT_SECRET || readSecrets(dataFolderPath(process.env))?.jwtSecret;
  if (!secret)
    throw new PlainError('TOKEN is not set, and no local platform has been started here (npm start).');
  return () => createToken({ sub: userInfo().username, expires: '10m', secret, env: process.env });
}
