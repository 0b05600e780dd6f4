import { PrismaPg } from '@prisma/adapter-pg';
import pg from 'pg';
import { Prisma, PrismaClient } from './generated/client.ts';

/** The database, every schema of it. */
export type Db = PrismaClient;
/** The database inside a transaction. */
export type Tx = Prisma.TransactionClient;
/** The name of a model in Prisma's client: `client`, `outbox`. */
export type Model = Uncapitalize<Prisma.ModelName>;

/** A piece of SQL with its parameters, for use in several statements. */
export const { sql } = Prisma;
/** SQL NULL for a JSON column. */
export const { DbNull } = Prisma;

/**
 * The longest wait for a connection of the pool, and the longest duration of a transaction, in milliseconds.
 */
const TRANSACTION = { maxWait: 10_000, timeout: 15_000 };

/**
 * Opens the database.
 * @param url `postgresql://user:password@host:port/database`
 * @param pool the most connections; all processes share the server's 100
 */
export function openDb(url: string, pool: number): Db {
  const connections = new pg.Pool({
    connectionString: url,
    max: pool,
    connectionTimeoutMillis: TRANSACTION.maxWait,
  });
  // A server that stops says so on each connection. Between the pool, which hands one over, and Prisma, which takes it,
  // nobody listens for a moment, and Node ends a process whose error nobody hears. The next query fails by itself.
  connections.on('connect', (connection) => connection.on('error', () => {}));
  const adapter = new PrismaPg(connections, { disposeExternalPool: true });
  return new PrismaClient({ adapter, transactionOptions: TRANSACTION, errorFormat: 'minimal' });
}
