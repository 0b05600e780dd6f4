import type { Db, Tx } from '@crm/db';
import { failedPrecondition, invalid, type Methods } from '@crm/kit';
import {
  CommandeRetry,
  Eligibilite,
  StatutRetry,
  StatutTentative,
  type RetryAdminServiceService,
  type RetrySchedule,
} from '@crm/proto/retry/retry';
import { v7 } from 'uuid';
import { abandonPlanned } from './record-progress.ts';
import { LIVE, readSchedule, scheduleRow } from './schedules.ts';

/**
 * Records a command: its effect on the schedule and, in the same transaction, who gave it and why.
 * @throws {RpcError} FAILED_PRECONDITION where the schedule has ended, or no attempt is planned that could move
 */
export function recordCommand(db: Db): Methods<typeof RetryAdminServiceService>['recordCommand'] {
  return async (request, call) => {
    const { commande, motif, datePrevue, commandeId } = request;
    if (commande !== CommandeRetry.CANCEL && !datePrevue) throw invalid('datePrevue', 'must be given');
    const { id } = await scheduleRow(db, request.id);
    // whose command it was is taken from the workflow's word, never from a person's
    const auteur = call.caller.service ? request.auteur : call.caller.sub;
    return await call.once(
      async (tx) => {
        const detail = datePrevue
          ? await move(tx, id, datePrevue)
          : await cancel(tx, id, `arrêté par ${auteur}: ${motif}`);
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
  await tx.retryAttempt.update({ where: { id: next.id }, data: { datePrevue: prochaineAt } });
  return `tentative ${next.numero}: ${next.datePrevue.toISOString()} -> ${prochaineAt.toISOString()}`;
}

export const ended = () => failedPrecondition('RETRY_TERMINE', 'the retries of this payment have ended');
export const withTheBank = () =>
  failedPrecondition('TENTATIVE_EN_COURS', 'the attempt is with the bank: no attempt is planned');
