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
 * Connects to services with `TOKEN`; without it, as the workers in their container, or as an operator with
 * the local platform's secret.
 */
export type CallService = <D extends ServiceDefinition>(service: ServiceName, definition: D) => Connected<D>;

/** Runs work with services, then closes the connections. A service's refusal is reported in its own words. */
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

/** Tokens of the workers' Keycloak client, if the environment has it. */
function workersTokens(): (() => Promise<string | undefined>) | undefined {
  if (!process.env.KEYCLOAK_CLIENT_SECRET) return undefined;
  const auth = authConfig(config({ ...authSpec, ...serviceAccountSpec }));
  return serviceTokens(auth, { sub: 'service:ops' });
}

/** A token for each call: a migration of thousands takes longer than a token's life. */
function ownTokens(): () => Promise<string> {
  const secret = process.env.JWT_SECRET || readSecrets(dataFolderPath(process.env))?.jwtSecret;
  if (!secret)
    throw new PlainError('TOKEN is not set, and no local platform has been started here (npm start).');
  return () => createToken({ sub: userInfo().username, expires: '10m', secret, env: process.env });
}
