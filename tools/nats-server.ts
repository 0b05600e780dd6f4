import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { resolveBinary } from './binaries.ts';
import type { Child } from './child.ts';
import { httpGet } from './http-get.ts';
import { serverFolder, startServer, type ServerContext } from './server.ts';

/**
 * Starts nats-server with JetStream. `sync_interval: always` writes every message to disk before it is
 * acknowledged: 0.2 ms more per message, and still 4,000 per second, far more than Temporal takes. A fixed
 * `max_file_store` makes streams equal on every machine; by default it depends on the free disk space.
 * https://docs.nats.io/running-a-nats-service/configuration/resource_management
 */
export async function startNats(context: ServerContext): Promise<Child> {
  const { dataDir, ports, binaries } = context;
  const folder = serverFolder(dataDir, 'nats');
  const config = join(folder, 'nats.conf');
  writeFileSync(
    config,
    `server_name: suivi
listen: "127.0.0.1:${ports.nats}"
http: "127.0.0.1:${ports.natsMonitoring}"
jetstream {
  store_dir: ${JSON.stringify(folder)}
  sync_interval: always
  max_memory_store: 64MB
  max_file_store: 4GB
}
`,
  );
  return await startServer(context, {
    name: 'nats',
    title: 'NATS',
    file: await resolveBinary('nats-server', binaries),
    args: ['--config', config],
    ready: async () => (await httpGet(ports.natsMonitoring, '/healthz?js-enabled-only=true')).status === 200,
    readyWithinMs: 30_000,
  });
}
