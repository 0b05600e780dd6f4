import type { Db, Tx } from '@crm/db';
import { FORMAL_NOTICE } from '@crm/domain';
import {
  authorOf,
  failedPrecondition,
  invalid,
  otherVersion,
  planned,
  unavailable,
  type Call,
} from '@crm/kit';
import { ActionRelance, type RecordRelanceProgressRequest, type Relance } from '@crm/proto/relance/relance';
import { v7 } from 'uuid';
import { applyAction, isDone, isMail, type State } from './apply-action.ts';
import { describeChange } from './describe-change.ts';
import { overdueFrom } from './due-at.ts';
import { migrateLevels } from './migrate-levels.ts';
import type { OpenDays } from './open-days.ts';
import type { Whose } from './plan-next-send.ts';
import { targetRules } from './regles-relance.ts';
import { findRow, relanceEntity, toColumns, type RelanceRow } from './relance-rows.ts';

/**
 * Records an action on reminders, and its author and reason in the history. The next send is planned before
 * the transaction, from the row as it was read. If the row has changed meanwhile: UNAVAILABLE, try again. A
 * command for another version than the row has: ABORTED VERSION.
 * @param recorded called when it is recorded, with the reminders as they were
 */
export function recordProgress(
  db: Db,
  openDays: OpenDays,
  recorded: (before: RelanceRow) => Promise<unknown>,
) {
  const relance = relanceEntity(db);
  const migrated = async (request: RecordRelanceProgressRequest, row: RelanceRow) =>
    migrateLevels(row.niveaux, await targetRules(db, row.organisationId, request.regleId), request);
  return async (request: RecordRelanceProgressRequest, call: Call): Promise<Relance> => {
    const row = await findRow(db, request.id);
    const at = new Date();
    const before = stateOf(row);
    const plan = await planned(async () => {
      const isMigration = request.action === ActionRelance.MIGRATION;
      if (isMigration && !(request.dateFacture && request.dateEcheance)) {
        throw invalid('dateFacture', 'must be given with a MIGRATION, and dateEcheance');
      }
      const moved = isMigration && { niveaux: await migrated(request, row) };
      const niveau = concerned(row, request);
      if (request.action === ActionRelance.ENVOI_DEMANDE) assertSendable(row, niveau, request.dateEcheance);
      const state = applyAction(before, { ...request, niveau, ...moved }, at);
      const columns = await toColumns(db, state, row, openDays);
      return { state, columns, detail: isMigration ? describeChange(row, columns) : '' };
    });
    const record = async (tx: Tx): Promise<Relance> => {
      const { versionAttendue } = request;
      // the row is only written as it was read: of two commands for the same version one is carried out
      if (versionAttendue !== undefined && versionAttendue !== row.version)
        throw otherVersion(`changed since version ${versionAttendue}, it is version ${row.version} now`);
      const { state, columns, detail } = plan();
      if (state === before) return await relance.read(tx, row.id);
      const { count } = await tx.relance.updateMany({
        where: { id: row.id, version: row.version },
        data: { ...columns, version: { increment: 1 } },
      });
      if (count === 0)
        throw unavailable('RELANCE_CHANGED', 'the reminders have just been changed; try again');
      if (isContact(row, request)) await markSent(tx, row, at);
      const auteur = authorOf(call, request);
      const changed = { ...row, version: row.version + 1 };
      for (const line of passedOver(before, state, concerned(row, request)))
        await remember(tx, changed, line);
      await remember(tx, changed, { ...request, niveau: concerned(row, request), auteur, detail });
      return await relance.read(tx, row.id);
    };
    const answer = await call.once(record, relance.repeat);
    await recorded(row);
    return answer;
  };
}

export const stateOf = ({ statut, niveaux, pauseJusquAu, motifFin, cycle }: RelanceRow) => ({
  ...{ statut, niveaux, pauseJusquAu, motifFin, cycle },
});

const OF_A_LEVEL: ActionRelance[] = [
  ActionRelance.ENVOI,
  ActionRelance.TACHE_RELANCE,
  ActionRelance.SAUT,
  ActionRelance.ENVOI_DEMANDE,
];

/** Whether the client hears of us: by a mail, a call or a letter, but not by a task in the place of a mail. */
const isContact = (row: RelanceRow, request: RecordRelanceProgressRequest): boolean =>
  request.action === ActionRelance.ENVOI ||
  (request.action === ActionRelance.TACHE_RELANCE &&
    row.niveaux.some((level) => level.niveau === concerned(row, request) && !isMail(level)));

const concerned = (row: RelanceRow, { action, niveau }: RecordRelanceProgressRequest): number =>
  OF_A_LEVEL.includes(action) ? niveau || row.prochainNiveau : 0;

/** Who passes levels over and judges holds: nobody decides it, it follows from what is true. */
export const SUIVI = 'Suivi';

/** The levels that gave way to the one concerned. */
export const passedOver = (
  before: Pick<State, 'niveaux'>,
  { niveaux }: State,
  concerned: number,
): Remembered[] =>
  niveaux
    .filter(
      ({ niveau, motifSaut }, index) => motifSaut && niveau < concerned && !isDone(before.niveaux[index]!),
    )
    .map(({ niveau, motifSaut: motif }) => ({ action: ActionRelance.SAUT, niveau, auteur: SUIVI, motif }));

/**
 * @param dateEcheance of the invoice; empty: not known
 * @throws {RpcError} FAILED_PRECONDITION MISE_EN_DEMEURE: the level is a formal notice, and the invoice is not overdue
 */
export function assertSendable(
  { niveaux }: Pick<State, 'niveaux'>,
  concerned: number,
  dateEcheance: string,
): void {
  const level = niveaux.find(({ niveau }) => niveau === concerned);
  if (level?.modele !== FORMAL_NOTICE || !dateEcheance || overdueFrom({ dateEcheance }) <= new Date()) return;
  throw failedPrecondition(
    'MISE_EN_DEMEURE',
    `level ${concerned} is a formal notice, and the invoice is due on ${dateEcheance}: not before the day after`,
  );
}

/**
 * The spacing counts from when the mail server took the mail, which can be long after the turn was reserved.
 */
export async function markSent(tx: Tx, { organisationId, clientId }: Whose, at: Date): Promise<void> {
  await tx.dernierEnvoi.updateMany({
    where: { organisationId, clientId, dernierAt: { lt: at } },
    data: { dernierAt: at },
  });
}

type Remembered = { action: ActionRelance; niveau: number; auteur: string; motif: string } & {
  detail?: string;
  /** Of a person's command. */
  commandeId?: string;
  /** Of the mail, for an ENVOI. */
  messageId?: string;
};
type Of = Pick<RelanceRow, 'id' | 'organisationId' | 'invoiceId' | 'clientId' | 'version'>;

/** Adds an entry to the history. `version`: the one that reminders have since then. */
export async function remember(tx: Tx, of: Of, what: Remembered): Promise<void> {
  await rememberAll(tx, [[of, what]]);
}

/** Adds entries to the history, in one statement. */
export async function rememberAll(tx: Tx, entries: [Of, Remembered][]): Promise<void> {
  const data = entries.map(([{ id: relanceId, organisationId, invoiceId, clientId, version }, entry]) => {
    const { action, niveau, auteur, motif, detail = '', commandeId = '', messageId = '' } = entry;
    const who = { organisationId, relanceId, invoiceId, clientId };
    return { id: v7(), ...who, action, niveau, auteur, motif, detail, version, commandeId, messageId };
  });
  await tx.historiqueRelance.createMany({ data });
}
