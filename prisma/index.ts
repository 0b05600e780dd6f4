import { PrismaPg } from '@prisma/adapter-pg';
import { Prisma, PrismaClient } from './generated/client.ts';

/** The database, every schema of it. */
export type Db = PrismaClient;
/** The database inside a transaction. */
export type Tx = Prisma.TransactionClient;
/** The name by which Prisma's client knows a model: `client`, `outbox`. */
export type Model = Uncapitalize<Prisma.ModelName>;

/** A piece of SQL with its parameters, to be put into others: a condition that several statements have in common. */
export const { sql } = Prisma;
/** NULL of a column that holds a document. */
export const { DbNull } = Prisma;

/** How long a transaction may wait for a connection of the pool, and how long it may take, in milliseconds. */
const TRANSACTION = { maxWait: 10_000, timeout: 15_000 };

/**
 * Opens the database.
 * @param url `postgresql://user:password@host:port/database`
 * @param pool connections at most; processes share the server's 100
 */
export function openDb(url: string, pool: number): Db {
  const adapter = new PrismaPg({
    connectionString: url,
    max: pool,
    connectionTimeoutMillis: TRANSACTION.maxWait,
  });
  return new PrismaClient({ adapter, transactionOptions: TRANSACTION, errorFormat: 'minimal' });
}
