import { organisationOrDefault } from '@crm/kit';
import type { Db, Tx } from '@crm/db';
import type { Methods } from '@crm/kit';
import { StatutTentative, type RetryAdminServiceService } from '@crm/proto/retry/retry';
import { v7 } from 'uuid';
import { busy, replaceAttempts } from './change-schedule.ts';
import { decideRejection, type Decision, type DecisionDeps, type Rejection } from './decide-rejection.ts';
import { readSchedule, scheduleRepeat } from './schedules.ts';

const { PREVUE, REJETEE, ABANDONNEE } = StatutTentative;

/** How often a schedule is read again when another call changes it between reading and writing. */
const TIMES = 5;
/** Another call changed the schedule meanwhile. */
class Overtaken extends Error {}

type Request = Rejection & { clientId: string; invoiceId: string; montant: bigint };

/**
 * Records a rejection and plans what follows. Other services are asked before the transaction, which only
 * commits if the schedule is still as it was read.
 * @throws {RpcError} UNAVAILABLE while calendar or referentiel is away
 */
export function recordRejection(
  deps: DecisionDeps & { db: Db },
): Methods<typeof RetryAdminServiceService>['createSchedule'] {
  return async (request, call) => {
    const rejection: Request = {
      ...request,
      organisationId: organisationOrDefault(request.organisationId),
      dateRejet: request.dateRejet!,
      tentative: request.tentative || 1,
    };
    for (let time = 0; time < TIMES; time++) {
      const row = await deps.db.retrySchedule.findUnique({ where: { paymentId: request.paymentId } });
      const decision = await decideRejection(deps, row, rejection);
      try {
        return await call.once(async (tx) => {
          if (!decision) return await readSchedule(tx, rejection.paymentId);
          const id = row ? await change(tx, row, decision) : await insert(tx, rejection, decision);
          await planAttempts(tx, id, rejection, decision);
          return await readSchedule(tx, id);
        }, scheduleRepeat);
      } catch (error) {
        if (!(error instanceof Overtaken)) throw error;
      }
    }
    throw busy(request.paymentId);
  };
}

async function insert(tx: Tx, rejection: Request, { columns }: Decision): Promise<string> {
  const { organisationId, paymentId, clientId, invoiceId, montant } = rejection;
  const id = v7();
  const { count } = await tx.retrySchedule.createMany({
    data: [{ id, organisationId, paymentId, clientId, invoiceId, montant, ...columns }],
    skipDuplicates: true,
  });
  if (count === 0) throw new Overtaken();
  return id;
}

async function change(
  tx: Tx,
  { id, version }: { id: string; version: number },
  { columns }: Decision,
): Promise<string> {
  const { count } = await tx.retrySchedule.updateMany({
    where: { id, version },
    data: { ...columns, version: version + 1 },
  });
  if (count === 0) throw new Overtaken();
  return id;
}

/** Retry number n is the payment's attempt n + 1. Records the rejected one, and plans the next ones. */
async function planAttempts(
  tx: Tx,
  scheduleId: string,
  { paymentId, tentative, motifRejet }: Request,
  { ownAttempt, instants, columns }: Decision,
): Promise<void> {
  if (ownAttempt) {
    const numero = tentative - 1;
    const rejected = { statut: REJETEE, motifRejet: motifRejet.trim().toUpperCase() };
    await tx.retryAttempt.upsert({
      where: { scheduleId_numero: { scheduleId, numero } },
      create: { id: v7(), scheduleId, paymentId, numero, datePrevue: columns.rejeteAt, ...rejected },
      update: rejected,
    });
  }
  if (!instants.length) {
    await tx.retryAttempt.updateMany({ where: { scheduleId, statut: PREVUE }, data: { statut: ABANDONNEE } });
    return;
  }
  await replaceAttempts(tx, { scheduleId, paymentId }, tentative, instants);
}
