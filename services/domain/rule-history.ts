import type { Db, Tx } from '@crm/db';
import { page, type Call, organisationOrDefault } from '@crm/kit';
import { v7 } from 'uuid';
import type { Users } from './author-names.ts';
import { staleCommand } from './stale-command.ts';

/** The tables of changes, one in the schema of each service that has rules. */
type HistoryModel = 'changementRegles' | 'policyChange';

/** A change as it is stored; `avant` and `apres` are the organisation's own rules in force, as JSON. */
export type RuleChange = {
  id: string;
  organisationId: string;
  version: number;
  auteur: string;
  motif: string;
  avant: unknown[];
  apres: unknown[];
  createdAt: Date;
};

/** The parts of the two Prisma models that are used; they are alike. */
type Rows = {
  findFirst(args: object): Promise<{ version: number } | null>;
  findMany(args: object): Promise<RuleChange[]>;
  create(args: object): Promise<unknown>;
};

/** A change to record. */
export type Changed = { organisationId: string; motif: string; avant: object[]; apres: object[] };

/**
 * Who changed the rules of organisations, when and why. The number of an organisation's last change is the version of its
 * rules.
 * @param genre which rules, of those that share the table
 */
export function ruleHistory(db: Db, model: HistoryModel, genre: string, users: Users) {
  const rows = (tx: Tx | Db) => tx[model] as unknown as Rows;
  const versionOf = async (tx: Tx | Db, organisationId: string): Promise<number> =>
    (await rows(tx).findFirst({ where: { organisationId, genre }, orderBy: { version: 'desc' } }))?.version ??
    0;
  const assertVersion = async (tx: Tx, organisationId: string, seen: number): Promise<void> => {
    const version = await versionOf(tx, organisationId);
    if (version === seen) return;
    const since = await rows(tx).findMany({
      where: { organisationId, genre, version: { gt: seen } },
      orderBy: { version: 'desc' },
    });
    const done = since.map((one) => ({ ...one, quoi: 'règles changées' }));
    throw await staleCommand(users, { seen, version }, done, 'règles à relire');
  };
  return {
    versionOf,
    /**
     * Waits until nobody else changes the organisation's rules: until the end of the transaction. To be called before
     * they are read.
     * @param seen the version that the person has seen; undefined: not checked
     * @throws {RpcError} ABORTED VERSION: they have changed since
     */
    async begin(tx: Tx, organisationId: string, seen?: number): Promise<void> {
      const lock = `${model}/${genre}/${organisationId}`;
      await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${lock}, 0))`;
      if (seen !== undefined) await assertVersion(tx, organisationId, seen);
    },
    /** Records a change in its transaction. One that changes nothing in force is recorded as well: somebody saved it. */
    async record(
      tx: Tx,
      { organisationId, motif, avant, apres }: Changed,
      { caller }: Pick<Call, 'caller'>,
    ): Promise<void> {
      const version = (await versionOf(tx, organisationId)) + 1;
      const data = { id: v7(), organisationId, genre, version, auteur: caller.sub, motif, avant, apres };
      await rows(tx).create({ data });
    },
    /** A page of changes, newest first. */
    async list({
      organisationId: given,
      ...asked
    }: {
      organisationId: string;
      pageSize: number;
      pageToken: string;
    }): Promise<{ rows: RuleChange[]; nextPageToken: string }> {
      const organisationId = organisationOrDefault(given);
      return await page(asked, (last, take) =>
        rows(db).findMany({
          where: { organisationId, genre, ...(last && { id: { lt: last } }) },
          orderBy: { id: 'desc' },
          take,
        }),
      );
    },
  };
}
