import type { Db, Tx } from '@crm/db';
import { entity, notFound, todayInParis, type Entity } from '@crm/kit';
import { NiveauRelance, Relance, StatutRelance } from '@crm/proto/relance/relance';
import { hasEnded, nextLevel, type State } from './apply-action.ts';
import { nextSendTime, startOfDay } from './next-send-time.ts';
import type { OpenDays } from './open-days.ts';

/** Reminders as rows; a pause is over on its day. */
export const relanceEntity = (db: Db): Entity<Relance, 'relances'> =>
  entity(db, {
    model: 'relance',
    plural: 'relances',
    message: Relance,
    derived: ({ niveaux, statut, pauseJusquAu }) => {
      const until = pauseJusquAu as string;
      const isOver = statut === StatutRelance.EN_PAUSE && until && until <= todayInParis();
      const past = isOver ? { statut: StatutRelance.EN_ATTENTE, pauseJusquAu: '' } : {};
      return { niveaux: fromJson(niveaux), ...(until && { pauseFinAt: startOfDay(until) }), ...past };
    },
  });

/** Reminders as they are kept. */
export type RelanceRow = State & {
  id: string;
  organisationId: string;
  invoiceId: string;
  clientId: string;
  version: number;
};

/**
 * Finds reminders by their own id or by their invoice's.
 * @throws {RpcError} NOT_FOUND
 */
export async function findRow(db: Db | Tx, id: string): Promise<RelanceRow> {
  const row = await db.relance.findFirst({ where: { OR: [{ id }, { invoiceId: id }] } });
  if (!row) throw notFound('relance', id);
  return { ...row, statut: row.statut as StatutRelance, niveaux: fromJson(row.niveaux) };
}

const fromJson = (niveaux: unknown): NiveauRelance[] =>
  (niveaux as object[]).map((niveau) => NiveauRelance.fromJSON(niveau));

/** What is written of a state: beside the state itself, which level comes next and when. */
export async function toColumns(db: Db, state: State, whose: Whose, openDays: OpenDays) {
  const { niveaux, ...columns } = state;
  return {
    ...columns,
    niveaux: niveaux.map((niveau) => NiveauRelance.toJSON(niveau) as object),
    prochainNiveau: hasEnded(state) ? 0 : (nextLevel(state)?.niveau ?? 0),
    prochaineAt: await nextSend(db, state, whose, openDays),
  };
}

type Whose = { organisationId: string; clientId: string };

/** When the next level is sent, from now on; null where none is, or while no end of a pause is known. */
async function nextSend(db: Db, state: State, whose: Whose, openDays: OpenDays): Promise<Date | null> {
  const level = nextLevel(state);
  if (!level || hasEnded(state)) return null;
  const isPaused = state.statut === StatutRelance.EN_PAUSE;
  if (isPaused && !state.pauseJusquAu) return null;
  const from = isPaused ? startOfDay(state.pauseJusquAu).getTime() : 0;
  const wished = new Date(Math.max(level.dueAt!.getTime(), from, Date.now()));
  const last = await db.dernierEnvoi.findUnique({ where: { organisationId_clientId: pick(whose) } });
  return await nextSendTime(wished, level, last?.dernierAt, openDays(whose.organisationId));
}

const pick = ({ organisationId, clientId }: Whose): Whose => ({ organisationId, clientId });
