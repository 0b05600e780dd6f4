import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connectTo, PORTS, type Connected, type ServiceName } from '@crm/kit';
import { PaymentServiceService } from '@crm/proto/payments/payments';
import { ROOT } from '@crm/tools/data-folder';
import type { Stack } from './stack.ts';
import { until } from './until.ts';

/** A separate payments process, which a test may kill. */
export type PaymentsAlone = {
  pid: number;
  payments: Connected<typeof PaymentServiceService>;
  kill(): Promise<void>;
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
  const others = ['calendar', 'contrats', 'factures', 'organisations', 'retry'] as const;
  const addresses = others.map((name: ServiceName) => [`${name.toUpperCase()}_ADDRESS`, stack.address(name)]);
  const child = spawn(process.execPath, ['--import', 'tsx', 'services/main.ts', 'payments'], {
    cwd: ROOT,
    env: {
      ...{ PATH: process.env.PATH, NODE_ENV: 'production' },
      ...stack.env,
      ...(Object.fromEntries(addresses) as Record<string, string>),
      PORT_OFFSET: String(offset),
      METRICS_PORT: String(9465 + offset),
      ...env,
    },
    stdio: 'ignore',
  });
  const payments = connectTo(PaymentServiceService, `127.0.0.1:${PORTS.payments + offset}`, () =>
    stack.token(),
  );
  await until('payments to serve', () => payments.list({ pageSize: 1 }).then(() => true), 60_000);
  return {
    pid: child.pid!,
    payments,
    async kill() {
      child.kill('SIGKILL');
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
      payments.close();
    },
  };
}
