import type { Tx } from '@crm/db';
import { failedPrecondition, invalid, type Methods } from '@crm/kit';
import {
  CommandeRetry,
  Eligibilite,
  StatutRetry,
  StatutTentative,
  type RecordCommandRequest,
  type RetryAdminServiceService,
  type RetrySchedule,
} from '@crm/proto/retry/retry';
import { v7 } from 'uuid';
import { migratedSchedule, migrateSchedule, type MigrationDeps } from './migrate-schedule.ts';
import { politiqueInForce, targetPolitique } from './politique.ts';
import { abandonPlanned } from './record-progress.ts';
import { checkStopped, countedAgainFrom, resumedInstants, resumeSchedule } from './resume-schedule.ts';
import { LIVE, readSchedule, scheduleRow, type ScheduleRow } from './schedules.ts';

/** Commands that say when the next attempt is made. */
const MOVES: CommandeRetry[] = [CommandeRetry.REPLAN, CommandeRetry.RUN_NOW, CommandeRetry.RESUME];

/**
 * Records a command: its effect on the schedule and, in the same transaction, who gave it and why.
 * @throws {RpcError} FAILED_PRECONDITION where the schedule has ended, or no attempt is planned that could move
 */
export function recordCommand(
  deps: MigrationDeps,
): Methods<typeof RetryAdminServiceService>['recordCommand'] {
  const { db, openDays } = deps;
  /** What the calendar says is asked before the transaction. */
  const planned = async ({ commande, mandatId, datePrevue }: RecordCommandRequest, row: ScheduleRow) => {
    if (commande !== CommandeRetry.RESUME) return undefined;
    if (!mandatId) throw invalid('mandatId', 'must be given');
    const politique = await politiqueInForce(db, row.organisationId);
    const repriseAt = countedAgainFrom(datePrevue!, politique, new Date());
    const instants = await resumedInstants(datePrevue!, { dateRejet: repriseAt, politique }, openDays);
    return { mandatId, politique, instants, repriseAt };
  };
  const migrate = async (row: ScheduleRow, policyId: string) => {
    const politique = await targetPolitique(db, row.organisationId, policyId);
    const { tentatives } = await readSchedule(db, row.id);
    return await migratedSchedule(deps, row, tentatives, politique, new Date());
  };
  return async (request, call) => {
    const { commande, motif, datePrevue, commandeId } = request;
    if (MOVES.includes(commande) && !datePrevue) throw invalid('datePrevue', 'must be given');
    const row = await scheduleRow(db, request.id);
    const { id } = row;
    const resumed = await planned(request, row);
    // a repeat, which is answered with the first result, may be of what could not be done again
    const migrated =
      commande === CommandeRetry.MIGRATE &&
      (await migrate(row, request.policyId).catch((error: unknown) => ({ error })));
    // whose command it was is taken from the workflow's word, never from a person's
    const auteur = call.caller.service ? request.auteur : call.caller.sub;
    return await call.once(
      async (tx) => {
        const take = () => {
          if (resumed) {
            checkStopped(row);
            return resumeSchedule(tx, row, resumed);
          }
          if (migrated) {
            if (!LIVE.includes(row.statut)) throw ended();
            if ('error' in migrated) throw migrated.error;
            return migrateSchedule(tx, row, migrated);
          }
          return datePrevue ? move(tx, id, datePrevue) : cancel(tx, id, `arrêté par ${auteur}: ${motif}`);
        };
        const detail = await take();
        await tx.retryAudit.create({
          data: { id: v7(), scheduleId: id, action: commande, auteur, motif, detail, commandeId },
        });
        return await readSchedule(tx, id);
      },
      { idOf: (schedule: RetrySchedule) => schedule.id, read: readSchedule },
    );
  };
}

async function cancel(tx: Tx, id: string, motifFin: string): Promise<string> {
  const { count } = await tx.retrySchedule.updateMany({
    where: { id, statut: { in: LIVE } },
    data: {
      statut: StatutRetry.ARRETE,
      eligibilite: Eligibilite.NOT_ELIGIBLE_MANUAL_CANCEL,
      prochaineAt: null,
      motifFin: [...motifFin].slice(0, 500).join(''),
      version: { increment: 1 },
    },
  });
  if (count === 0) throw ended();
  await abandonPlanned(tx, id);
  const sent = await tx.retryAttempt.findFirst({
    where: { scheduleId: id, statut: StatutTentative.SOUMISE },
  });
  return sent ? `la tentative ${sent.numero}, déjà à la banque, n’est pas rappelée` : '';
}

async function move(tx: Tx, id: string, prochaineAt: Date): Promise<string> {
  const { count } = await tx.retrySchedule.updateMany({
    where: { id, statut: StatutRetry.PLANIFIE },
    data: { prochaineAt, version: { increment: 1 } },
  });
  if (count === 0) {
    const { statut } = await scheduleRow(tx, id);
    throw LIVE.includes(statut) ? withTheBank() : ended();
  }
  const where = { scheduleId: id, statut: StatutTentative.PREVUE };
  const next = await tx.retryAttempt.findFirst({ where, orderBy: { numero: 'asc' } });
  if (!next) return '';
  await tx.retryAttempt.update({ where: { id: next.id }, data: { datePrevue: prochaineAt, demandee: true } });
  return `tentative ${next.numero}: ${next.datePrevue.toISOString()} -> ${prochaineAt.toISOString()}`;
}

export const ended = () => failedPrecondition('RETRY_TERMINE', 'the retries of this payment have ended');
export const withTheBank = () =>
  failedPrecondition('TENTATIVE_EN_COURS', 'the attempt is with the bank: no attempt is planned');
