import { unavailable } from '@crm/kit';
import type { ConfigOf } from '@crm/kit';
import type { temporalSpec } from '@crm/kit/temporal';
import { Client, Connection } from '@temporalio/client';

/** Runs work with Temporal's client. @throws {RpcError} UNAVAILABLE TEMPORAL while it is away */
export type Temporal = <T>(work: (client: Client) => Promise<T>) => Promise<T>;

type Needs = { config: ConfigOf<typeof temporalSpec>; onStop(stop: () => unknown): void };

/** Temporal for operators; nothing is connected before it is needed, and the service serves without it. */
export function temporalOf({ config, onStop }: Needs): Temporal {
  const connection = Connection.lazy({ address: config.TEMPORAL_ADDRESS });
  const client = new Client({ connection, namespace: config.TEMPORAL_NAMESPACE });
  onStop(() => connection.close());
  return async (work) => {
    try {
      return await work(client);
    } catch (error) {
      if (!isAway(error)) throw error;
      throw unavailable('TEMPORAL', 'Temporal does not answer');
    }
  };
}

/** gRPC errors of the client itself, or one of them as the cause: a query is wrapped. */
const isAway = (error: unknown): boolean => {
  const { name, code, cause } = error as { name?: string; code?: unknown; cause?: unknown };
  if (name === 'NamespaceNotFoundError') return true;
  if (typeof code === 'number') return [1, 4, 14].includes(code);
  return cause !== undefined && isAway(cause);
};
