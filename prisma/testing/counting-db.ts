import type { Db } from '../index.ts';

/** A database that counts, in `asked`, how often it is asked: that a page of many is read at once. */
export function countingDb(db: Db, asked: { database: number }): Db {
  return db.$extends({
    query: {
      $allOperations({ args, query }) {
        asked.database += 1;
        return query(args);
      },
    },
  }) as unknown as Db;
}
