import type { Db, Tx } from '@crm/db';
import type { Methods } from '@crm/kit';
import {
  Eligibilite,
  StatutRetry,
  StatutTentative,
  type RecordProgressRequest,
  type RetryAdminServiceService,
} from '@crm/proto/retry/retry';
import { LIVE, readSchedule, scheduleRepeat, scheduleRow } from './schedules.ts';

/**
 * Records the progress of a schedule. If it has ended, or has another version than the caller has seen, it
 * does not change: the caller's knowledge is outdated, and the answer shows the current state.
 */
export function recordProgress(db: Db): Methods<typeof RetryAdminServiceService>['recordProgress'] {
  return async (request, call) => {
    const { id } = await scheduleRow(db, request.id);
    return await call.once(async (tx) => {
      const { count } = await tx.retrySchedule.updateMany({
        where: {
          id,
          statut: { in: LIVE },
          ...(request.version !== undefined && { version: request.version }),
        },
        data: { ...columnsOf(request), version: { increment: 1 } },
      });
      if (count === 1) await recordAttempts(tx, id, request);
      return await readSchedule(tx, id);
    }, scheduleRepeat);
  };
}

/** The columns of a schedule to write. */
export function columnsOf({ statut, eligibilite, datePrevue, motifFin }: RecordProgressRequest) {
  const stays = statut === StatutRetry.UNSPECIFIED;
  return {
    ...(!stays && { statut }),
    ...(eligibilite !== Eligibilite.UNSPECIFIED && { eligibilite }),
    ...(datePrevue && { prochaineAt: datePrevue }),
    ...(!stays && statut !== StatutRetry.PLANIFIE && { prochaineAt: null }),
    ...(motifFin && { motifFin }),
  };
}

/** The columns of the attempt to write. */
export const attemptColumnsOf = (
  { statutTentative, datePrevue, motifRejet, dateCollecte, silenceAt }: RecordProgressRequest,
  at: Date,
) => ({
  ...(statutTentative !== StatutTentative.UNSPECIFIED && { statut: statutTentative }),
  ...(statutTentative === StatutTentative.SOUMISE && { soumiseAt: at }),
  ...(datePrevue && { datePrevue }),
  ...(motifRejet && { motifRejet }),
  ...(dateCollecte && { dateCollecte }),
  ...(silenceAt && { silenceAt }),
});

async function recordAttempts(tx: Tx, scheduleId: string, request: RecordProgressRequest): Promise<void> {
  const { numero, statut } = request;
  if (numero) {
    const data = attemptColumnsOf(request, new Date());
    await tx.retryAttempt.updateMany({ where: { scheduleId, numero }, data });
  }
  if (statut !== StatutRetry.UNSPECIFIED && !LIVE.includes(statut)) {
    await abandonPlanned(tx, scheduleId);
  }
}

/** Marks the attempts that will not be made any more. */
export const abandonPlanned = (tx: Tx, scheduleId: string): Promise<unknown> =>
  tx.retryAttempt.updateMany({
    where: { scheduleId, statut: StatutTentative.PREVUE },
    data: { statut: StatutTentative.ABANDONNEE },
  });
