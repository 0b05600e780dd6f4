import type { Db, Tx } from '@crm/db';
import { staleCommand, type Users } from '@crm/domain';
import { failedPrecondition, type Call, type Entity } from '@crm/kit';
import { StatutTache, type ResultatTache, type Tache } from '@crm/proto/activites/activites';
import { v7 } from 'uuid';

/** The fields of a task that people see change. */
type Changes = {
  titre?: string | undefined;
  description?: string | undefined;
  echeance?: Date | null | undefined;
  assigneA?: string | undefined;
  statut?: StatutTache | undefined;
};
type Field = keyof Changes;

/** What goes with a change. */
type Said = { id: string; note: string; versionAttendue?: number | undefined };
/** What came of a task that has ended. */
type Outcome = { resultat?: ResultatTache; note?: string };

/** The fields in words, for the refusal of a later change. */
const IN_WORDS: Record<Field, string> = {
  titre: 'titre modifié',
  description: 'description modifiée',
  echeance: 'échéance déplacée',
  assigneA: 'tâche réassignée',
  statut: 'état changé',
};

/**
 * Changes a task, and keeps who changed which field, from what to what. What is so already changes nothing, so that
 * callers may repeat.
 * @throws {RpcError} NOT_FOUND; FAILED_PRECONDITION TACHE_STATUT: it has ended, or `from` does not have its state; ABORTED
 *   VERSION: it is not the version that the person has seen
 */
export function changeTache(db: Db, tache: Pick<Entity<Tache>, 'read' | 'repeat'>, users: Users) {
  const stale = async (id: string, seen: number, version: number) => {
    const lines = await db.changementTache.findMany({
      where: { tacheId: id, version: { gt: seen } },
      orderBy: { id: 'desc' },
    });
    const since = lines.map(({ note: motif, champ, ...line }) => ({
      ...line,
      motif,
      quoi: IN_WORDS[champ as Field],
    }));
    const { statut } = await db.tache.findUniqueOrThrow({ where: { id } });
    return await staleCommand(users, { seen, version }, since, statut);
  };
  return async (
    { id, note, versionAttendue: seen }: Said,
    changes: Changes,
    call: Call,
    { from = OPEN, outcome = {}, also }: { from?: StatutTache[]; outcome?: Outcome; also?: Also } = {},
  ): Promise<Tache> =>
    await call.once(async (tx) => {
      // locked, so that of two people who change it at once the second one is told
      await tx.$queryRaw`SELECT 1 FROM activites.taches WHERE id = ${id} FOR UPDATE`;
      const before = await tache.read(tx, id);
      const changed = fieldsThatDiffer(before, changes);
      if (changed.length === 0) return before;
      if (seen !== undefined && seen !== before.version) throw await stale(id, seen, before.version);
      if (!from.includes(before.statut)) {
        const wanted = changes.statut ? `become ${changes.statut}` : 'be changed';
        throw failedPrecondition('TACHE_STATUT', `a task that is ${before.statut} cannot ${wanted}`);
      }
      const version = before.version + 1;
      const data = Object.fromEntries(changed.map((field) => [field, changes[field]]));
      await tx.tache.update({ where: { id }, data: { ...data, ...outcome, version } });
      await tx.changementTache.createMany({
        data: changed.map((champ) => ({
          ...{
            id: v7(),
            tacheId: id,
            clientId: before.clientId,
            auteur: call.caller.sub,
            champ,
            note,
            version,
          },
          ...{ avant: asText(before[champ]), apres: asText(changes[champ]) },
        })),
      });
      const after = await tache.read(tx, id);
      await also?.(tx, after);
      return after;
    }, tache.repeat);
}

/** Runs in the transaction of a change. */
type Also = (tx: Tx, after: Tache) => Promise<unknown>;

const OPEN = [StatutTache.A_FAIRE, StatutTache.EN_COURS];

const fieldsThatDiffer = (before: Tache, changes: Changes): Field[] =>
  (Object.keys(changes) as Field[]).filter(
    (field) => changes[field] !== undefined && asText(changes[field]) !== asText(before[field]),
  );

const asText = (value: Date | string | null | undefined): string =>
  value instanceof Date ? value.toISOString() : (value ?? '');
