import type { Tx } from '@crm/db';
import { unavailable } from '@crm/kit';
import { StatutTentative } from '@crm/proto/retry/retry';
import { v7 } from 'uuid';
import type { ScheduleRow } from './schedules.ts';

const { PREVUE, ABANDONNEE } = StatutTentative;

/** Other calls change the schedule at the same time; worth another attempt. */
export const busy = (paymentId: string) =>
  unavailable('RETRY_BUSY', `the retries of payment ${paymentId} change too fast`);

/**
 * Changes a schedule if it is still as it was read, and plans its attempts again (`replaceAttempts`).
 * @throws {RpcError} UNAVAILABLE if it has changed since
 */
export async function changeSchedule(
  tx: Tx,
  { id, paymentId, version }: Pick<ScheduleRow, 'id' | 'paymentId' | 'version'>,
  data: Parameters<Tx['retrySchedule']['updateMany']>[0]['data'],
  ...attempts: [from: number, instants: Date[], demandee?: boolean]
): Promise<void> {
  const { count } = await tx.retrySchedule.updateMany({
    where: { id, version },
    data: { ...data, version: { increment: 1 } },
  });
  if (count === 0) throw busy(paymentId);
  await replaceAttempts(tx, { scheduleId: id, paymentId }, ...attempts);
}

/**
 * Plans attempts, numbered from `from`. They replace attempts that were not made, and made ones with the same
 * numbers: if an earlier attempt is collected after all and then returned, the numbers go back.
 * @param demandee a person chose the instant of the first one
 */
export async function replaceAttempts(
  tx: Tx,
  ids: { scheduleId: string; paymentId: string },
  from: number,
  instants: Date[],
  demandee = false,
): Promise<void> {
  const { scheduleId } = ids;
  const unmade = { statut: { in: [PREVUE, ABANDONNEE] } };
  await tx.retryAttempt.deleteMany({ where: { scheduleId, OR: [unmade, { numero: { gte: from } }] } });
  await tx.retryAttempt.createMany({
    data: instants.map((datePrevue, i) => ({
      ...ids,
      id: v7(),
      numero: from + i,
      datePrevue,
      statut: PREVUE,
      demandee: demandee && i === 0,
    })),
  });
}
