import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { migrate } from '@crm/db/migrate';
import { PORTS } from '@crm/kit/ports';
import type { Child } from './child.ts';
import { ensureSecrets, openDataFolder, ROOT, writeEnvFile } from './data-folder.ts';
import { explainDiskError } from './disk-error.ts';
import { generate } from './generate.ts';
import { startMailInbox } from './mail-inbox.ts';
import { startNats } from './nats-server.ts';
import { startNodeProcess } from './node-process.ts';
import { isChild, isExternal, NEEDS, portsOf, selectParts, type ChildName, type Part } from './parts.ts';
import { addOffset, assertPortFree, serverPorts, type ServerPorts } from './ports.ts';
import { startPostgres } from './postgres.ts';
import { claimDataFolder, stopLeftovers } from './process-record.ts';
import { processTree } from './process-table.ts';
import type { ServerContext } from './server.ts';
import { platformSettings, processEnvironment } from './settings.ts';
import { supervise, type Supervisor } from './supervisor.ts';
import { startTemporal } from './temporal-server.ts';

export interface Progress {
  part: Part;
  /** `external`: named in the environment, used and not started. `crashed`: ended without being asked to. */
  state: 'starting' | 'detail' | 'ready' | 'external' | 'crashed' | 'restarted';
  text?: string;
}

export interface PlatformOptions {
  /** Absolute. Made where it does not exist. */
  dataDir: string;
  /** Added to every port. Default 0. */
  portOffset?: number;
  /**
   * The user's environment. A server named in it (DATABASE_URL, NATS_URL, TEMPORAL_ADDRESS, SMTP_URL) is used and
   * not started, its other settings win over made-up ones. Default: empty, whatever this process inherited.
   */
  env?: NodeJS.ProcessEnv;
  /** Only these parts. Code and migrations come by themselves with services or workers. Default: everything. */
  only?: Part[];
  /** Start a child again that ends without being asked to. Default: no. */
  restartCrashed?: boolean;
  onProgress?: (progress: Progress) => void;
  /** Breaks the start off and stops what had started. */
  signal?: AbortSignal;
}

export interface Platform {
  dataDir: string;
  ports: ServerPorts;
  /** Port of each gRPC service by its folder's name. */
  servicePorts: Record<string, number>;
  /** Settings to run a process or a client against this platform. */
  env: Record<string, string>;
  /** What an earlier, killed launcher had left running here and this one stopped first. */
  leftovers: string[];
  /** The pid of a running child. */
  pid: (name: ChildName) => number | undefined;
  /** Sends a signal. With SIGKILL (the default) it resolves when the child and its descendants are gone. */
  kill: (name: ChildName, signal?: NodeJS.Signals) => Promise<void>;
  /** Starts a child again, on the same data and ports, and resolves when it serves. */
  start: (name: ChildName) => Promise<void>;
  /** Asks a child to end and waits for it; kills it after 8 s. */
  stop: (name: ChildName) => Promise<void>;
  /** Stops everything, last started first, within 10 s. */
  stopAll: () => Promise<void>;
  /** Resident memory, in bytes, of this process and of all that runs under it. */
  rss: () => number;
}

/**
 * Starts the platform, or the named parts of it, on 127.0.0.1: what is independent in parallel, the rest as soon
 * as what it needs is there. Resolves when all of it serves. When a part cannot start, what had started is
 * stopped and the error says why in a sentence (`PlainError`).
 */
export async function startPlatform(options: PlatformOptions): Promise<Platform> {
  openDataFolder(options.dataDir);
  const claim = claimDataFolder(options.dataDir);
  try {
    const leftovers = await stopLeftovers(options.dataDir);
    const { platform, supervisor } = assemble(options, leftovers);
    const abort = () => void supervisor.stopAll();
    options.signal?.addEventListener('abort', abort, { once: true });
    try {
      options.signal?.throwIfAborted();
      await startParts(options, platform, supervisor);
      options.signal?.throwIfAborted();
    } catch (error) {
      await supervisor.stopAll();
      throw error;
    } finally {
      options.signal?.removeEventListener('abort', abort);
    }
    let stopped: Promise<void> | undefined;
    return { ...platform, stopAll: () => (stopped ??= supervisor.stopAll().finally(claim.release)) };
  } catch (error) {
    claim.release();
    options.signal?.throwIfAborted();
    throw explainDiskError(error, options.dataDir);
  }
}

function assemble(
  options: PlatformOptions,
  leftovers: string[],
): { platform: Platform; supervisor: Supervisor } {
  const { dataDir, env = {}, portOffset: offset = 0, onProgress = () => {} } = options;
  const ports = serverPorts(offset);
  const servicePorts = addOffset(existingServices(), offset);
  const secrets = ensureSecrets(dataDir);
  const input = { env, dataDir, offset, ports, secrets };
  const settings = platformSettings(input);
  writeEnvFile(dataDir, settings);

  const launchers: Record<ChildName, (context: ServerContext) => Promise<Child>> = {
    postgres: startPostgres,
    nats: startNats,
    temporal: startTemporal,
    mail: startMailInbox,
    services: (context) =>
      startNodeProcess('services', processEnvironment('services', input, settings), context),
    workers: (context) =>
      startNodeProcess('workers', processEnvironment('workers', input, settings), context),
  };
  const supervisor = supervise({
    launch: async (name, signal) => {
      const onDetail = (text: string) => onProgress({ part: name, state: 'detail', text });
      const binaries = {
        env: { ...process.env, ...env },
        signal,
        onInstall: (what: string) => onDetail(`fetching ${what}, once`),
      };
      await assertPortsFree(portsOf(name, ports, servicePorts), offset);
      return await launchers[name]({
        dataDir,
        ports,
        secrets,
        namespace: settings.TEMPORAL_NAMESPACE!,
        binaries,
        signal,
        onDetail,
      });
    },
    restartCrashed: options.restartCrashed ?? false,
    onCrash: (part, text) => onProgress({ part, state: 'crashed', text }),
    onRestart: (part) => onProgress({ part, state: 'restarted' }),
  });
  const rss = () => processTree([process.pid]).reduce((sum, row) => sum + row.rss, 0);
  const { pid, start, stop, stopAll } = supervisor;
  const kill: Platform['kill'] = (name, signal = 'SIGKILL') => supervisor.kill(name, signal);
  const platform = {
    dataDir,
    ports,
    servicePorts,
    env: settings,
    leftovers,
    pid,
    kill,
    start,
    stop,
    stopAll,
    rss,
  };
  return { platform, supervisor };
}

async function startParts(
  options: PlatformOptions,
  platform: Platform,
  supervisor: Supervisor,
): Promise<void> {
  const { env = {}, portOffset = 0, onProgress = () => {} } = options;
  const selected = selectParts(options.only);
  // All of them before anything starts: a taken port is then told at once.
  const ours = selected.filter((part) => isChild(part)).filter((part) => !isExternal(part, env));
  await Promise.all(
    ours.map((part) => assertPortsFree(portsOf(part, platform.ports, platform.servicePorts), portOffset)),
  );

  async function run(part: Part, needs: Promise<void>[]): Promise<void> {
    if (isExternal(part, env)) return onProgress({ part, state: 'external' });
    await Promise.all(needs);
    supervisor.closing.throwIfAborted();
    onProgress({ part, state: 'starting' });
    if (part === 'code') await generate();
    else if (part === 'migrations') await migrate(platform.env.DATABASE_URL!);
    else await supervisor.start(part);
    onProgress({ part, state: 'ready' });
  }

  const running = new Map<Part, Promise<void>>();
  for (const part of selected)
    running.set(
      part,
      run(
        part,
        NEEDS[part].flatMap((need) => running.get(need) ?? []),
      ),
    );
  try {
    await Promise.all(running.values());
  } catch (error) {
    await supervisor.stopAll();
    await Promise.allSettled(running.values()); // what could not be broken off
    throw error;
  }
}

/** Port of each service that has a folder. */
function existingServices(): Record<string, number> {
  return Object.fromEntries(
    Object.entries(PORTS).filter(([name]) => existsSync(join(ROOT, 'services', name))),
  );
}

async function assertPortsFree(ports: Record<string, number>, offset: number): Promise<void> {
  await Promise.all(Object.entries(ports).map(([usedBy, port]) => assertPortFree(port, usedBy, offset)));
}
