import type { Db, Tx } from '@crm/db';
import { entity, type Methods } from '@crm/kit';
import { PaymentSchedule, type PaymentScheduleServiceService } from '@crm/proto/payments/payments';
import { checkCollected, checkReferences, type Planning } from '../check-planned.ts';
import { createSchedule } from './create-schedule.ts';
import { planInstalments } from './plan-instalments.ts';
import type { BankDays } from '../bank-days.ts';
import { toPayment } from '../to-payment.ts';
import { warningsAbout } from '../warnings.ts';

/** The schedules of contracts, each returned with its payments. */
export function schedules(
  db: Db,
  days: BankDays,
  planning: Planning,
): Methods<typeof PaymentScheduleServiceService> {
  const schedule = entity(db, { model: 'paymentSchedule', plural: 'schedules', message: PaymentSchedule });
  /** Adds the payments of all schedules with one query, in order of their dates. */
  async function withPayments(tx: Tx, found: PaymentSchedule[]): Promise<PaymentSchedule[]> {
    const rows = await tx.payment.findMany({
      where: { scheduleId: { in: found.map(({ id }) => id) } },
      orderBy: [{ datePrevue: 'asc' }, { id: 'asc' }],
    });
    const paiements = found.map(({ id }) =>
      rows.filter(({ scheduleId }) => scheduleId === id).map(toPayment),
    );
    const avertissements = await warningsAbout(tx, paiements);
    return found.map((one, i) => ({ ...one, paiements: paiements[i]!, avertissements: avertissements[i]! }));
  }
  const read = async (tx: Tx, id: string) => (await withPayments(tx, [await schedule.read(tx, id)]))[0]!;
  return {
    get: ({ id }) => read(db, id),
    async list(request) {
      const { schedules: found, nextPageToken } = await schedule.list(request);
      return { schedules: await withPayments(db, found), nextPageToken };
    },
    async create(request, call) {
      await checkReferences(planning, request, call);
      await checkCollected(planning, request, call);
      const instalments = await planInstalments(request, days);
      return await call.once(async (tx) => await read(tx, await createSchedule(tx, request, instalments)), {
        idOf: ({ id }) => id,
        read,
      });
    },
  };
}
