import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { PORTS } from '@crm/kit';
import { ClientBaseServiceService } from '@crm/proto/clients/clients';
import { InvoiceServiceService } from '@crm/proto/factures/factures';
import { ROOT } from '@crm/tools/data-folder';
import { startPlatform } from '@crm/tools/platform';
import { reservePortOffset } from '../support/reserve-port-offset.ts';
import getPort from 'get-port';
import { reach, type Stack } from '../support/stack.ts';
import { until } from '../support/until.ts';
import { median, openLoop, type Window } from './open-loop.ts';

const USAGE = `Measures what events cost a caller: InvoiceService/Create at a steady rate, with the relay running
and with it stopped, one after the other in pairs, on a platform of its own.

  npm run bench:grpc -- [--rate 20] [--seconds 15] [--pairs 5]`;

const { values } = parseArgs({
  options: {
    rate: { type: 'string', default: '20' },
    seconds: { type: 'string', default: '15' },
    pairs: { type: 'string', default: '5' },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) console.log(USAGE);
else await main(Number(values.rate), Number(values.seconds), Number(values.pairs));

async function main(rate: number, seconds: number, pairs: number): Promise<void> {
  const dataDir = mkdtempSync(join(tmpdir(), 'suivi-bench-'));
  const { offset, release } = await reservePortOffset(Object.values(PORTS));
  const children: ChildProcess[] = [];
  console.log('starting a platform …');
  const platform = await startPlatform({
    dataDir,
    portOffset: offset,
    only: ['postgres', 'nats', 'temporal', 'mail', 'services'],
  });
  const stack = reach({ env: platform.env, portOffset: offset });
  try {
    const relay = worker(platform.env, await getPort(), ['relay']);
    children.push(relay, worker(platform.env, await getPort(), ['bridge', 'events', 'follow-ups']));
    await measure(stack, relay, rate, seconds, pairs);
  } finally {
    for (const child of children) await stop(child);
    await stack.close();
    await platform.stopAll();
    rmSync(dataDir, { recursive: true, force: true });
    await release();
  }
}

async function measure(stack: Stack, relay: ChildProcess, rate: number, seconds: number, pairs: number) {
  const clients = stack.client('clients', ClientBaseServiceService);
  const factures = stack.client('factures', InvoiceServiceService);
  const organisationId = 'bench';
  const { id: clientId } = await clients.create({
    ...{ nom: 'Mesure', organisationId, email: 'mesure@exemple.test' },
  });
  const create = () => factures.create({ organisationId, clientId, montant: 1_000n });
  const window = async (events: boolean): Promise<Window> => {
    relay.kill(events ? 'SIGCONT' : 'SIGSTOP');
    const measured = await openLoop(rate, seconds, create);
    relay.kill('SIGCONT');
    await drained(stack);
    return measured;
  };
  console.log('warming up …');
  await window(true);
  const ratios = { p50: [] as number[], p99: [] as number[] };
  console.log('pair   p50 on   p50 off   p99 on   p99 off   (ms)');
  for (let pair = 1; pair <= pairs; pair += 1) {
    // the order alternates between pairs, so that a slow drift favours neither side
    const first = await window(pair % 2 === 1);
    const second = await window(pair % 2 === 0);
    const [on, off] = pair % 2 === 1 ? [first, second] : [second, first];
    ratios.p50.push(on.p50 / off.p50);
    ratios.p99.push(on.p99 / off.p99);
    const columns = [on.p50, off.p50, on.p99, off.p99].map((ms) => ms.toFixed(1).padStart(8));
    console.log(`${String(pair).padStart(4)} ${columns.join('  ')}`);
  }
  for (const [name, all] of Object.entries(ratios)) {
    const spread = `${Math.min(...all).toFixed(2)} to ${Math.max(...all).toFixed(2)}`;
    console.log(
      `${name}: events on / relay stopped = ${median(all).toFixed(2)} (median of ${all.length}; ${spread})`,
    );
  }
}

/** Waits until everything that follows from the events of a window has ended. */
async function drained(stack: Stack): Promise<void> {
  const temporal = await stack.temporal();
  await until(
    'the events to be handled',
    async () => {
      const [row] = await stack.sql<{ n: string }>(
        'SELECT count(*) AS n FROM events.outbox WHERE published_at IS NULL',
      );
      if (row!.n !== '0') return false;
      const { count: started } = await temporal.workflow.count(`WorkflowType = 'invoiceCreated'`);
      const [created] = await stack.sql<{ n: string }>(
        `SELECT count(*) AS n FROM events.outbox WHERE event_type = 'invoice.created'`,
      );
      if (String(started) !== created!.n) return false;
      const open = `WorkflowType = 'invoiceCreated' AND ExecutionStatus = 'Running'`;
      return (await temporal.workflow.count(open)).count === 0;
    },
    300_000,
  );
}

function worker(env: Record<string, string>, metricsPort: number, parts: string[]): ChildProcess {
  return spawn(process.execPath, ['--import', 'tsx', join(ROOT, 'workers', 'main.ts'), ...parts], {
    cwd: ROOT,
    env: { ...process.env, ...env, METRICS_PORT: String(metricsPort), LOG_LEVEL: 'error' },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGCONT');
  child.kill('SIGTERM');
  await ended;
}
