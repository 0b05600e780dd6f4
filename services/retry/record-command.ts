import type { Tx } from '@crm/db';
import { failedPrecondition, invalid, unavailable, type Methods } from '@crm/kit';
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
import { replaceAttempts } from './record-rejection.ts';
import { countedFrom } from './decide.ts';
import { migrateSchedule, readMigration, type MigrationDeps } from './migrate-schedule.ts';
import { politiqueInForce, readPolitique } from './politique.ts';
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
  /** The attempt that is moved, and those after it: none of them comes before it. */
  const moved = async ({ commande, datePrevue }: RecordCommandRequest, row: ScheduleRow) => {
    if (commande === CommandeRetry.RESUME || !datePrevue) return undefined;
    const counted = { dateRejet: countedFrom(row), politique: readPolitique(row.politique) };
    return await resumedInstants(datePrevue, counted, openDays, row.tentativeRejetee - row.tentativeInitiale);
  };
  return async (request, call) => {
    const { commande, motif, datePrevue, commandeId } = request;
    if (MOVES.includes(commande) && !datePrevue) throw invalid('datePrevue', 'must be given');
    const row = await scheduleRow(db, request.id);
    const { id } = row;
    const resumed = await planned(request, row);
    const instants = await moved(request, row);
    // a repeat, which is answered with the first result, may be of what could not be done again
    const migrated =
      commande === CommandeRetry.MIGRATE &&
      (await readMigration(deps, row, request.policyId).catch((error: unknown) => ({ error })));
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
          return instants ? move(tx, row, instants) : cancel(tx, id, `arrêté par ${auteur}: ${motif}`);
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

/**
 * Has the next attempt be made when a person said, as it was read.
 * @throws {RpcError} UNAVAILABLE where the schedule has changed since
 */
async function move(tx: Tx, row: ScheduleRow, instants: Date[]): Promise<string> {
  const { id, paymentId, version, statut, tentativeRejetee: numero } = row;
  if (statut !== String(StatutRetry.PLANIFIE)) throw LIVE.includes(statut) ? withTheBank() : ended();
  const prochaineAt = instants[0]!;
  const { count } = await tx.retrySchedule.updateMany({
    where: { id, version },
    data: { prochaineAt, version: { increment: 1 } },
  });
  if (count === 0) throw unavailable('RETRY_BUSY', `the retries of payment ${paymentId} change too fast`);
  await replaceAttempts(tx, { scheduleId: id, paymentId }, numero, instants, true);
  return `tentative ${numero}: ${row.prochaineAt?.toISOString()} -> ${prochaineAt.toISOString()}`;
}

export const ended = () => failedPrecondition('RETRY_TERMINE', 'the retries of this payment have ended');
export const withTheBank = () =>
  failedPrecondition('TENTATIVE_EN_COURS', 'the attempt is with the bank: no attempt is planned');
