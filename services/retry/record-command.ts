import { presentationInWords, presentationMoved } from '@crm/domain';
import type { Tx } from '@crm/db';
import { authorOf, failedPrecondition, invalid, otherVersion, planned, type Methods } from '@crm/kit';
import {
  CommandeRetry,
  Eligibilite,
  StatutRetry,
  StatutTentative,
  type RecordCommandRequest,
  type RetryAdminServiceService,
} from '@crm/proto/retry/retry';
import { v7 } from 'uuid';
import { changeSchedule } from './change-schedule.ts';
import { countedFrom } from './decide-rejection.ts';
import { migrateSchedule, readMigration, type MigrationDeps } from './migrate-schedule.ts';
import { politiqueInForce, readPolitique } from './politique.ts';
import { abandonPlanned } from './record-progress.ts';
import { checkStopped, countedAgainFrom, resumedInstants, resumeSchedule } from './resume-schedule.ts';
import { LIVE, readSchedule, scheduleRepeat, scheduleRow, type ScheduleRow } from './schedules.ts';
import { cutMotif } from '@crm/workflows/motif';

/** Commands that set the instant of the next attempt. */
const MOVES: CommandeRetry[] = [CommandeRetry.REPLAN, CommandeRetry.RUN_NOW, CommandeRetry.RESUME];

/**
 * Records a command: its effect on the schedule and, in the same transaction, its author and reason.
 * @throws {RpcError} FAILED_PRECONDITION if the schedule has ended, or no attempt is planned; ABORTED VERSION if
 *   it has another version than the person has seen
 */
export function recordCommand(
  deps: MigrationDeps,
): Methods<typeof RetryAdminServiceService>['recordCommand'] {
  const { db, openDays } = deps;
  /**
   * Computes the effect. Other services are asked before the transaction. The effect returns the change in
   * words.
   */
  const effectOf = async (
    { commande, mandatId, datePrevue, policyId, motif }: RecordCommandRequest,
    row: ScheduleRow,
    auteur: string,
  ): Promise<(tx: Tx) => Promise<string>> => {
    if (commande === CommandeRetry.RESUME) {
      if (!mandatId) throw invalid('mandatId', 'must be given');
      checkStopped(row);
      const politique = await politiqueInForce(db, row.organisationId);
      const repriseAt = countedAgainFrom(datePrevue!, politique, new Date());
      const instants = await resumedInstants(datePrevue!, { dateRejet: repriseAt, politique }, openDays);
      return (tx) => resumeSchedule(tx, row, { mandatId, politique, instants, repriseAt });
    }
    if (commande === CommandeRetry.MIGRATE) {
      if (!LIVE.includes(row.statut)) throw ended();
      const migrated = await readMigration(deps, row, policyId);
      return (tx) => migrateSchedule(tx, row, migrated);
    }
    if (!datePrevue) return (tx) => cancel(tx, row.id, `arrêté par ${auteur}: ${motif}`);
    // later attempts stay after the moved one
    const counted = { dateRejet: countedFrom(row), politique: readPolitique(row.politique) };
    const rang = row.tentativeRejetee - row.tentativeInitiale;
    const instants = await resumedInstants(datePrevue, counted, openDays, rang);
    return (tx) => move(tx, row, instants);
  };
  return async (request, call) => {
    const { commande, motif, datePrevue, commandeId, versionAttendue } = request;
    if (MOVES.includes(commande) && !datePrevue) throw invalid('datePrevue', 'must be given');
    const row = await scheduleRow(db, request.id);
    const { id, clientId, invoiceId } = row;
    const auteur = authorOf(call, request);
    const effect = await planned(() => effectOf(request, row, auteur));
    return await call.once(async (tx) => {
      if (versionAttendue !== undefined) await lockVersion(tx, id, versionAttendue);
      const detail = await effect()(tx);
      const changed = await readSchedule(tx, id);
      const { version } = changed;
      await tx.retryAudit.create({
        data: {
          ...{ id: v7(), scheduleId: id, clientId, invoiceId, action: commande },
          ...{ auteur, motif, detail, commandeId, version },
        },
      });
      return changed;
    }, scheduleRepeat);
  };
}

/** Locks a schedule, so that of two commands for the same version one is carried out. */
async function lockVersion(tx: Tx, id: string, seen: number): Promise<void> {
  const [row] = await tx.$queryRaw<{ version: number }[]>`
    SELECT version FROM retry.schedules WHERE id = ${id} FOR UPDATE`;
  if (row!.version !== seen)
    throw otherVersion(`changed since version ${seen}, it is version ${row!.version} now`);
}

async function cancel(tx: Tx, id: string, motifFin: string): Promise<string> {
  const { count } = await tx.retrySchedule.updateMany({
    where: { id, statut: { in: LIVE } },
    data: {
      statut: StatutRetry.ARRETE,
      eligibilite: Eligibilite.NOT_ELIGIBLE_MANUAL_CANCEL,
      prochaineAt: null,
      motifFin: cutMotif(motifFin),
      version: { increment: 1 },
    },
  });
  if (count === 0) throw ended();
  await abandonPlanned(tx, id);
  const sent = await tx.retryAttempt.findFirst({
    where: { scheduleId: id, statut: StatutTentative.SOUMISE },
  });
  return sent ? `la ${presentationInWords(sent.numero + 1)}, déjà à la banque, n’est pas rappelée` : '';
}

/**
 * Moves the next attempt to the chosen instant, if the schedule is still as it was read.
 * @throws {RpcError} UNAVAILABLE if it has changed since
 */
async function move(tx: Tx, row: ScheduleRow, instants: Date[]): Promise<string> {
  const { statut, tentativeRejetee: numero } = row;
  if (statut !== String(StatutRetry.PLANIFIE)) throw LIVE.includes(statut) ? withTheBank() : ended();
  const prochaineAt = instants[0]!;
  await changeSchedule(tx, row, { prochaineAt }, numero, instants, true);
  return presentationMoved(numero + 1, row.prochaineAt, prochaineAt);
}

export const ended = () => failedPrecondition('RETRY_TERMINE', 'the retries of this payment have ended');
export const withTheBank = () =>
  failedPrecondition('TENTATIVE_EN_COURS', 'the attempt is with the bank: no attempt is planned');
