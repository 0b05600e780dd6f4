import type { Db } from '@crm/db';

/** The tables whose rows other services read: with `rang_fait`, and a trigger that clears it. */
export type TableOfFacts =
  'factures.factures' | 'payments.payments' | 'clients.clients' | 'relance.historique' | 'relance.attentes';

const DEFAULT_COUNT = 500;
/** Rows that one call numbers at most: more than a page, so that a short page is the last one. */
const NUMBERED = 2_000;

/**
 * Lists the rows of a table that were written since, each under its latest number. A number is given here and not by the
 * writer: a writer's number could become visible after a larger one, and its row would be missed for ever. What is
 * committed when this is called is listed, except what somebody is changing at that moment: that comes again.
 * @param apres `dernier` of the answer before, 0n at first
 * @param nombre how many at most, 0: 500
 */
export async function changedRows(
  db: Db,
  table: TableOfFacts,
  { apres, nombre }: { apres: bigint; nombre: number },
): Promise<{ ids: string[]; dernier: bigint; encore: boolean }> {
  const take = nombre || DEFAULT_COUNT;
  // without a lock most calls find nothing to number
  const [unnumbered] = await db.$queryRawUnsafe<unknown[]>(
    `SELECT 1 FROM ${table} WHERE rang_fait IS NULL LIMIT 1`,
  );
  if (unnumbered) {
    await db.$transaction(async (tx) => {
      // one at a time: a reader that sees a number has seen all smaller ones
      await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`faits/${table}`}, 0))`;
      await tx.$executeRawUnsafe(
        `UPDATE ${table} SET rang_fait = nextval('events.rangs_faits') WHERE id IN (
           SELECT id FROM ${table} WHERE rang_fait IS NULL LIMIT ${NUMBERED} FOR UPDATE SKIP LOCKED)`,
      );
    });
  }
  const rows = await db.$queryRawUnsafe<{ id: string; rang: bigint }[]>(
    `SELECT id, rang_fait AS rang FROM ${table} WHERE rang_fait > $1 ORDER BY rang_fait LIMIT $2`,
    apres,
    take,
  );
  return {
    ids: rows.map(({ id }) => id),
    dernier: rows.at(-1)?.rang ?? apres,
    encore: rows.length === take,
  };
}
