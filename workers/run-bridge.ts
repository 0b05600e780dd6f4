import type { Db } from '@crm/db';
import type { Logger } from '@crm/kit';
import { BRIDGE, ensureStream, type Consumption, type NatsConnection } from '@crm/nats';
import { startBridge } from './bridge/bridge.ts';
import type { WorkersConfig } from './config.ts';
import { forever } from './forever.ts';
import type { RunningTemporal } from './run-temporal.ts';

export type BridgeRun = { ready(): boolean; stop(): Promise<void> };

type Options = {
  nats: Promise<NatsConnection>;
  temporal: RunningTemporal;
  db: Db;
  log: Logger;
  config: WorkersConfig;
  eager: boolean;
};

/**
 * Keeps the bridge running: creates the stream and its consumer, consumes, and starts again when they are
 * gone.
 */
export function runBridge({ nats, temporal, db, log, config, eager }: Options): BridgeRun {
  const stopping = new AbortController();
  let consumption: Consumption | undefined;
  const run = async () => {
    const client = await temporal.client;
    const connection = await nats;
    while (client && !stopping.signal.aborted) {
      consumption = await forever('stream', log, stopping.signal, async () => {
        await ensureStream(connection, BRIDGE, { maxBytes: config.NATS_STREAM_MAX_BYTES });
        return await startBridge({ nats: connection, temporal: client, db, log, eager });
      });
      await consumption?.ended.catch((err: unknown) => log.error({ err }, 'the consumer is gone'));
      consumption = undefined;
    }
  };
  const ended = run();
  return {
    ready: () => consumption !== undefined,
    async stop() {
      stopping.abort();
      await consumption?.stop();
      if (consumption) await ended;
    },
  };
}
