import type { Db, Tx } from '@crm/db';
import { authorOf, invalid, planned, unavailable, type Call } from '@crm/kit';
import { ActionRelance, type RecordRelanceProgressRequest, type Relance } from '@crm/proto/relance/relance';
import { v7 } from 'uuid';
import { applyAction, nextLevel } from './apply-action.ts';
import { describeChange, migratedLevels } from './migrate-relance.ts';
import type { OpenDays } from './open-days.ts';
import { lastTurn } from './plan-next-send.ts';
import { targetRules } from './regles-relance.ts';
import { findRow, relanceEntity, toColumns, type RelanceRow } from './relance-rows.ts';

/**
 * Records an action on reminders, and its author and reason in the history. The next send is planned before
 * the transaction, from the row as it was read. If the row has changed meanwhile: UNAVAILABLE, try again.
 */
export function recordProgress(db: Db, openDays: OpenDays) {
  const relance = relanceEntity(db);
  const migrated = async (request: RecordRelanceProgressRequest, row: RelanceRow, at: Date) => {
    const target = await targetRules(db, row.organisationId, request.regleId);
    return migratedLevels(row, target, await lastTurn(db, row), request, at);
  };
  return async (request: RecordRelanceProgressRequest, call: Call): Promise<Relance> => {
    const row = await findRow(db, request.id);
    const at = new Date();
    const before = stateOf(row);
    const plan = await planned(async () => {
      const isMigration = request.action === ActionRelance.MIGRATION;
      if (isMigration && !(request.dateFacture && request.dateEcheance)) {
        throw invalid('dateFacture', 'must be given with a MIGRATION, and dateEcheance');
      }
      const moved = isMigration && { niveaux: await migrated(request, row, at) };
      const state = applyAction(before, { ...request, ...moved }, at);
      const columns = await toColumns(db, state, row, openDays);
      return { state, columns, detail: isMigration ? describeChange(row, columns) : '' };
    });
    const record = async (tx: Tx): Promise<Relance> => {
      const { state, columns, detail } = plan();
      if (state === before) return await relance.read(tx, row.id);
      const { count } = await tx.relance.updateMany({
        where: { id: row.id, version: row.version },
        data: { ...columns, version: { increment: 1 } },
      });
      if (count === 0)
        throw unavailable('RELANCE_CHANGED', 'the reminders have just been changed; try again');
      if (request.action === ActionRelance.ENVOI) await markSent(tx, row, at);
      const auteur = authorOf(call, request);
      await remember(tx, row, { ...request, niveau: concerned(row, request), auteur, detail });
      return await relance.read(tx, row.id);
    };
    return await call.once(record, relance.repeat);
  };
}

const stateOf = ({ statut, niveaux, pauseJusquAu, motifFin, cycle }: RelanceRow) => ({
  ...{ statut, niveaux, pauseJusquAu, motifFin, cycle },
});

const OF_A_LEVEL: ActionRelance[] = [ActionRelance.ENVOI, ActionRelance.SAUT, ActionRelance.ENVOI_DEMANDE];

const concerned = (row: RelanceRow, { action, niveau }: RecordRelanceProgressRequest): number =>
  OF_A_LEVEL.includes(action) ? niveau || (nextLevel(row)?.niveau ?? 0) : 0;

/**
 * The spacing counts from when the mail server took the mail, which can be long after the turn was reserved.
 */
async function markSent(tx: Tx, { organisationId, clientId }: RelanceRow, at: Date): Promise<void> {
  await tx.dernierEnvoi.updateMany({
    where: { organisationId, clientId, dernierAt: { lt: at } },
    data: { dernierAt: at },
  });
}

type Remembered = { action: ActionRelance; niveau: number; auteur: string; motif: string; detail?: string };
type Whose = Pick<RelanceRow, 'id' | 'organisationId' | 'invoiceId' | 'clientId'>;

/** Adds an entry to the history. */
export async function remember(
  tx: Tx,
  { id: relanceId, organisationId, invoiceId, clientId }: Whose,
  { action, niveau, auteur, motif, detail = '' }: Remembered,
): Promise<void> {
  const who = { organisationId, relanceId, invoiceId, clientId };
  await tx.historiqueRelance.create({ data: { id: v7(), ...who, action, niveau, auteur, motif, detail } });
}
