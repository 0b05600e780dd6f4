import { openDb, type Db } from '@crm/db';
import { connectNats, type NatsConnection } from '@crm/nats';
import { Client, Connection } from '@temporalio/client';
import { NamespaceNotFoundError } from '@temporalio/common';
import { PlainError } from '../plain-error.ts';
import { setting } from './settings.ts';

/** Runs work with the database, then closes it. */
export async function withDb<T>(work: (db: Db) => Promise<T>): Promise<T> {
  const db = openDb(setting('DATABASE_URL'), 2);
  try {
    return await work(db);
  } finally {
    await db.$disconnect();
  }
}

/** Runs work with NATS, then closes the connection. */
export async function withNats<T>(work: (nats: NatsConnection) => Promise<T>): Promise<T> {
  const nats = await connectNats(setting('NATS_URL'), 'suivi-ops').catch((error: Error) => {
    throw new PlainError(error.message);
  });
  try {
    return await work(nats);
  } finally {
    await nats.drain();
  }
}

/** Runs work with Temporal, then closes the connection. */
export async function withTemporal<T>(work: (client: Client) => Promise<T>): Promise<T> {
  const address = setting('TEMPORAL_ADDRESS');
  const connection = await Connection.connect({ address }).catch((error: Error) => {
    throw new PlainError(`Temporal does not answer at ${address} (TEMPORAL_ADDRESS): ${error.message}`);
  });
  const namespace = setting('TEMPORAL_NAMESPACE');
  try {
    return await work(new Client({ connection, namespace }));
  } catch (error) {
    if (!(error instanceof NamespaceNotFoundError)) throw error;
    throw new PlainError(`There is no namespace ${namespace} (TEMPORAL_NAMESPACE) at ${address}.`);
  } finally {
    await connection.close();
  }
}
