import type { Db, Tx } from '@crm/db';
import { entity, knownOf, notFound, type Call, type Connected, type Entity, type Methods } from '@crm/kit';
import { StatutTache, type TacheServiceService } from '@crm/proto/activites/activites';
import { AttenteRelance, GenreAttente, type AttenteRelanceServiceService } from '@crm/proto/relance/attentes';
import { ActionRelance, StatutRelance } from '@crm/proto/relance/relance';
import { v7 } from 'uuid';
import { planNextSend, type Whose } from './plan-next-send.ts';
import type { OpenDays } from './open-days.ts';
import { remember } from './record-progress.ts';
import { toRelanceRow, type RelanceRow } from './relance-rows.ts';

/** The RPC of activites that tells which tasks are done; called with the caller's own token. */
export type TacheSource = Pick<Connected<typeof TacheServiceService>, 'list'>;

/** Makes the workflow of an invoice's reminders read them again. Never throws. */
export type Wake = (invoiceId: string) => Promise<void>;

/** The holds on the reminders of clients. */
export type Attentes = {
  /**
   * The holds in force. A hold whose task is done or cancelled has ended: this is recorded, and the client's
   * reminders are planned again.
   * @param of a client, several clients, or a whole organisation
   * @throws {RpcError} UNAVAILABLE: activites is away
   */
  open(of: Of): Promise<AttenteRow[]>;
  /** Ends a hold, once, and plans the client's reminders again, under the holds that remain. */
  end(row: AttenteRow, word: { par: string; motif: string }): Promise<void>;
  entity: Entity<AttenteRelance, 'attentes'>;
};

type Of = Whose[] | { organisationId?: string; clientId?: string };
type AttenteRow = Awaited<ReturnType<Db['attenteRelance']['findUniqueOrThrow']>>;

/** The states of reminders with something to send. */
const RUNNING = [StatutRelance.EN_ATTENTE, StatutRelance.EN_PAUSE];

/** The states in which a task has ended, in words. */
const ENDS: Partial<Record<StatutTache, string>> = {
  [StatutTache.TERMINEE]: 'tâche terminée',
  [StatutTache.ANNULEE]: 'tâche annulée',
};

export function attentes(db: Db, openDays: OpenDays, taches: TacheSource, wake: Wake): Attentes {
  const rows = entity(db, {
    model: 'attenteRelance',
    plural: 'attentes',
    message: AttenteRelance,
  });

  const end: Attentes['end'] = async (row, { par, motif }) => {
    const ended = await db.$transaction(async (tx) => {
      const { count } = await tx.attenteRelance.updateMany({
        where: { id: row.id, leveeAt: null },
        data: { leveeAt: new Date(), leveePar: par, leveeMotif: motif },
      });
      if (count === 0) return [];
      const reminders = await running(tx, row);
      const line = { action: ActionRelance.LEVEE, niveau: 0, auteur: par, motif, detail: row.motif };
      for (const reminder of reminders) await remember(tx, reminder, line);
      return reminders;
    });
    // if the process dies here, each workflow looks again by itself within an hour
    for (const reminder of ended) {
      const next = await planNextSend(db, reminder, reminder, openDays);
      if (next.prochaineAt?.getTime() === reminder.prochaineAt?.getTime()) continue;
      await db.relance.updateMany({ where: { id: reminder.id, version: reminder.version }, data: next });
      await wake(reminder.invoiceId);
    }
  };

  return {
    entity: rows,
    end,
    async open(of) {
      if (Array.isArray(of) && of.length === 0) return [];
      const whose = Array.isArray(of) ? { OR: of.map(toWhose) } : given(of);
      const found = await db.attenteRelance.findMany({
        where: { ...whose, leveeAt: null },
        orderBy: { id: 'asc' },
      });
      const ids = found.map(({ tacheId }) => tacheId);
      const known = await knownOf(
        ids,
        (page) => taches.list(page),
        (page) => page.taches,
      );
      const open: AttenteRow[] = [];
      for (const row of found) {
        const tache = known.get(row.tacheId);
        const motif = tache && ENDS[tache.statut];
        if (motif) await end(row, { par: tache.assigneA || 'activites', motif });
        else open.push(row);
      }
      return open;
    },
  };
}

/** The RPCs about holds. */
export function attenteMethods(
  db: Db,
  { entity: rows, open, end }: Attentes,
): Methods<typeof AttenteRelanceServiceService> {
  return {
    async create(request, call) {
      const organisationId = request.organisationId || 'default';
      const { clientId, motif, tacheId } = request;
      const origine = request.origine || null;
      const genre = request.genre === GenreAttente.UNSPECIFIED ? GenreAttente.REPONSE : request.genre;
      const create = async (tx: Tx): Promise<AttenteRelance> => {
        const id = v7();
        const auteur = call.caller.sub;
        const data = { id, organisationId, clientId, genre, motif, tacheId, auteur, origine };
        const { count } = await tx.attenteRelance.createMany({ data: [data], skipDuplicates: true });
        if (count === 0) {
          const first = await tx.attenteRelance.findFirstOrThrow({ where: { organisationId, origine } });
          return rows.toMessage(first);
        }
        const line = { action: ActionRelance.ATTENTE, niveau: 0, auteur, motif };
        for (const reminder of await running(tx, data)) await remember(tx, reminder, line);
        return await rows.read(tx, id);
      };
      return await call.once(create, rows.repeat);
    },
    async get({ id }) {
      const row = await find(db, id);
      if (!row.leveeAt) await open(row);
      return await rows.read(db, id);
    },
    async list({ ouvertes, ...request }) {
      const { organisationId, clientId } = request;
      await open({ organisationId, clientId });
      return await rows.listWhere(request, ouvertes ? { leveeAt: null } : {});
    },
    async lever({ id, motif }, call: Call) {
      const row = await find(db, id);
      // records the idempotency key first, so that the key stands for this request
      await call.once((tx) => rows.read(tx, id), rows.repeat);
      await end(row, { par: call.caller.sub, motif });
      return await rows.read(db, id);
    },
  };
}

/** The holds of a client in words. Empty: none. */
export const inWords = (open: AttenteRow[], { organisationId, clientId }: Whose): string =>
  [
    ...new Set(
      open
        .filter((one) => one.organisationId === organisationId && one.clientId === clientId)
        .map(({ motif }) => motif),
    ),
  ].join(', ');

async function find(db: Db, id: string): Promise<AttenteRow> {
  const row = await db.attenteRelance.findUnique({ where: { id } });
  if (!row) throw notFound('attente', id);
  return row;
}

async function running(tx: Tx, { organisationId, clientId }: Whose): Promise<RelanceRow[]> {
  const rows = await tx.relance.findMany({ where: { organisationId, clientId, statut: { in: RUNNING } } });
  return rows.map(toRelanceRow);
}

const toWhose = ({ organisationId, clientId }: Whose): Whose => ({ organisationId, clientId });

const given = ({ organisationId, clientId }: { organisationId?: string; clientId?: string }) => ({
  ...(organisationId && { organisationId }),
  ...(clientId && { clientId }),
});
