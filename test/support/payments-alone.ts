import { connectTo, type Connected } from '@crm/kit';
import { PaymentServiceService } from '@crm/proto/payments/payments';
import { startServicesAlone, type ServicesAlone } from './services-alone.ts';
import type { Stack } from './stack.ts';
import { until } from './until.ts';

/** A separate payments process, which a test may kill. */
export type PaymentsAlone = Pick<ServicesAlone, 'pid' | 'kill'> & {
  payments: Connected<typeof PaymentServiceService>;
};

/**
 * Starts a payments process on a platform's database and bank folder. It calls the other services of that
 * platform.
 * @param offset the offset of its ports
 */
export async function startPaymentsAlone(
  stack: Stack,
  offset: number,
  env: NodeJS.ProcessEnv = {},
): Promise<PaymentsAlone> {
  const alone = await startServicesAlone(stack, ['payments'], offset, env);
  const payments = connectTo(PaymentServiceService, alone.address('payments'), () => stack.token());
  await until('payments to serve', () => payments.list({ pageSize: 1 }).then(() => true), 60_000);
  return {
    pid: alone.pid,
    payments,
    async kill() {
      await alone.kill();
      payments.close();
    },
  };
}
