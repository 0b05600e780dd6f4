import type { Db, Tx } from '@crm/db';
import { startOfDay, todayInParis } from '@crm/domain';
import { entity, notFound, type Entity } from '@crm/kit';
import { CanalRelance, NiveauRelance, Relance, StatutRelance } from '@crm/proto/relance/relance';
import type { State } from './apply-action.ts';
import type { OpenDays } from './open-days.ts';
import { planNextSend, type NextSend, type Whose } from './plan-next-send.ts';
import { underWayOf } from './under-way.ts';

/** Reminders as rows. A pause has ended once its last day has come. */
export const relanceEntity = (db: Db): Entity<Relance, 'relances'> =>
  entity(db, {
    model: 'relance',
    plural: 'relances',
    message: Relance,
    derived: ({ niveaux: json, statut, pauseJusquAu, cycle, envoiEnCours }) => {
      const niveaux = fromJson(json);
      const underWay = underWayOf({
        niveaux,
        cycle: cycle as number,
        envoiEnCours: envoiEnCours as string,
      });
      const until = pauseJusquAu as string;
      const isOver = statut === StatutRelance.EN_PAUSE && until && until <= todayInParis();
      const past = isOver ? { statut: StatutRelance.EN_ATTENTE, pauseJusquAu: '' } : {};
      return {
        niveaux,
        envoiGroupeId: underWay?.groupe ?? '',
        ...(until && { pauseFinAt: startOfDay(until) }),
        ...past,
      };
    },
  });

/** The condition for rows that are shown in a state. */
export function shownAs(statut: StatutRelance) {
  const { UNSPECIFIED, EN_ATTENTE, EN_PAUSE } = StatutRelance;
  if (statut === UNSPECIFIED) return {};
  // empty sorts before every day: a pause without an end is none that is over
  const isOver = { statut: EN_PAUSE, pauseJusquAu: { gt: '', lte: todayInParis() } };
  if (statut === EN_ATTENTE) return { OR: [{ statut }, isOver] };
  return statut === EN_PAUSE ? { statut, NOT: isOver } : { statut };
}

/** A row of reminders. */
export type RelanceRow = State &
  NextSend & {
    id: string;
    organisationId: string;
    invoiceId: string;
    clientId: string;
    version: number;
    /** A mail under way: `under-way.ts`. */
    envoiEnCours: string;
  };

/**
 * Finds reminders by their own id or their invoice's.
 * @throws {RpcError} NOT_FOUND
 */
export async function findRow(db: Db | Tx, id: string): Promise<RelanceRow> {
  const row = await db.relance.findFirst({ where: { OR: [{ id }, { invoiceId: id }] } });
  if (!row) throw notFound('relance', id);
  return toRelanceRow(row);
}

/** Converts a database row. */
export const toRelanceRow = (
  row: Omit<RelanceRow, 'statut' | 'niveaux'> & { statut: string; niveaux: unknown },
) => ({
  ...row,
  statut: row.statut as StatutRelance,
  niveaux: fromJson(row.niveaux),
});

/** Levels from before there were channels are mails. */
const fromJson = (niveaux: unknown): NiveauRelance[] =>
  (niveaux as object[]).map((niveau) => NiveauRelance.fromJSON({ canal: CanalRelance.COURRIEL, ...niveau }));

export const levelColumn = (niveaux: NiveauRelance[]): object[] =>
  niveaux.map((niveau) => NiveauRelance.toJSON(niveau) as object);

/** The columns for a state, including the next level and its instant. */
export async function toColumns(db: Db, state: State, whose: Whose, openDays: OpenDays) {
  const { niveaux, ...columns } = state;
  return {
    ...columns,
    niveaux: levelColumn(niveaux),
    ...(await planNextSend(db, state, whose, openDays)),
  };
}
