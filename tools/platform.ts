import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { migrate } from '@crm/db/migrate';
import { PORTS } from '@crm/kit/ports';
import { buildPages } from './build-pages.ts';
import type { CodeProcess } from './changed-sources.ts';
import { claimDataFolder } from './claim-data-folder.ts';
import { ensureSecrets, openDataFolder, ROOT, writeEnvFile } from './data-folder.ts';
import { explainDiskError } from './disk-error.ts';
import { generate } from './generate.ts';
import { startMailInbox } from './mail-inbox.ts';
import { startNats } from './nats-server.ts';
import { startNodeProcess } from './node-process.ts';
import {
  isChild,
  isExternal,
  isOfCode,
  NEEDS,
  portsOf,
  selectParts,
  type ChildName,
  type Part,
} from './parts.ts';
import { describeError } from './plain-error.ts';
import { addOffset, assertPortFree, serverPorts, type ServerPorts } from './ports.ts';
import { startPostgres } from './postgres.ts';
import { stopLeftovers } from './process-record.ts';
import { processTree } from './process-table.ts';
import type { StartServer } from './server.ts';
import { platformSettings, processEnvironment } from './settings.ts';
import { supervise, type Supervisor } from './supervisor.ts';
import { startTemporal } from './temporal-server.ts';

export interface Progress {
  part: Part;
  /**
   * `external`: named in the environment, used and not started. `left out`: `text` says why. `crashed`: ended by itself.
   */
  state: 'starting' | 'detail' | 'ready' | 'external' | 'left out' | 'crashed' | 'restarted';
  text?: string;
}

export interface PlatformOptions {
  /** Absolute. Created if it does not exist. */
  dataDir: string;
  /** Added to every port. Default 0. */
  portOffset?: number;
  /**
   * The user's environment. A server named in it (DATABASE_URL, NATS_URL, TEMPORAL_ADDRESS, SMTP_URL) is used
   * and not started; its other settings have precedence. Default: empty, whatever this process has inherited.
   */
  env?: NodeJS.ProcessEnv;
  /** Only these parts. Code and migrations are included with services or workers. Default: all. */
  only?: Part[];
  /** Restart a child that ends by itself. Default: no. */
  restartCrashed?: boolean;
  /**
   * For development: services and workers accept a debugger, and a start that fails because of their code is
   * reported (`crashed`) without ending the rest. Default: no.
   */
  development?: boolean;
  onProgress?: (progress: Progress) => void;
  /** Aborts the start and stops what has started. */
  signal?: AbortSignal;
}

export interface Platform {
  dataDir: string;
  ports: ServerPorts;
  /** The port of each gRPC service, by its folder's name. */
  servicePorts: Record<string, number>;
  /** Services and workers accept a debugger. */
  debuggers: boolean;
  /** The settings for a process or a client of this platform. */
  env: Record<string, string>;
  /** What a killed launcher had left running here; this one stopped it. */
  leftovers: string[];
  /** The pid of a running child. */
  pid: (name: ChildName) => number | undefined;
  /** Sends a signal. With SIGKILL (the default) it resolves when the child and its descendants are gone. */
  kill: (name: ChildName, signal?: NodeJS.Signals) => Promise<void>;
  /** Starts a child again on the same data and ports, and resolves when it is ready. */
  start: (name: ChildName) => Promise<void>;
  /** Asks a child to end and waits for it; kills it after 8 s or `graceMs`. Aborts a start in progress. */
  stop: (name: ChildName, graceMs?: number) => Promise<void>;
  /** Stops everything, last started first, within 10 s. */
  stopAll: () => Promise<void>;
  /** The resident memory of this process and its descendants, in bytes. */
  rss: () => number;
}

/**
 * Starts the platform, or some parts of it, on 127.0.0.1. Independent parts start in parallel, the others as
 * soon as what they need is ready. Resolves when everything is ready. If a part cannot start, the others are
 * stopped, and the error says why in a sentence (`PlainError`).
 */
export async function startPlatform(options: PlatformOptions): Promise<Platform> {
  const { dataDir, signal } = options;
  openDataFolder(dataDir);
  const claim = await claimDataFolder(dataDir);
  try {
    const leftovers = await stopLeftovers(dataDir);
    const { platform, supervisor } = assemble(options, leftovers);
    const abort = () => void supervisor.stopAll();
    signal?.addEventListener('abort', abort, { once: true });
    try {
      signal?.throwIfAborted();
      await startParts(options, platform, supervisor);
      signal?.throwIfAborted();
    } catch (error) {
      await supervisor.stopAll();
      throw error;
    } finally {
      signal?.removeEventListener('abort', abort);
    }
    let stopped: Promise<void> | undefined;
    return { ...platform, stopAll: () => (stopped ??= supervisor.stopAll().finally(claim.release)) };
  } catch (error) {
    claim.release();
    signal?.throwIfAborted();
    throw explainDiskError(error, dataDir);
  }
}

function assemble(
  options: PlatformOptions,
  leftovers: string[],
): { platform: Platform; supervisor: Supervisor } {
  const { dataDir, env = {}, portOffset: offset = 0, onProgress = () => {} } = options;
  const debuggers = options.development ?? false;
  const ports = serverPorts(offset);
  const servicePorts = addOffset(existingServices(), offset);
  const secrets = ensureSecrets(dataDir);
  const input = { env, dataDir, offset, ports, secrets };
  const settings = platformSettings(input);
  writeEnvFile(dataDir, settings);

  const nodeProcess =
    (name: CodeProcess): StartServer =>
    (context) =>
      startNodeProcess(name, processEnvironment(name, input, settings), context);
  const servers: Record<ChildName, StartServer> = {
    postgres: startPostgres,
    nats: startNats,
    temporal: startTemporal,
    mail: startMailInbox,
    services: nodeProcess('services'),
    workers: nodeProcess('workers'),
    ops: nodeProcess('ops'),
    console: nodeProcess('console'),
  };
  const supervisor = supervise({
    launch: async (name, signal) => {
      const onDetail = (text: string) => onProgress({ part: name, state: 'detail', text });
      const onInstall = (what: string) => onDetail(`fetching ${what}, once`);
      const binaries = { env: { ...process.env, ...env }, signal, onInstall };
      const namespace = settings.TEMPORAL_NAMESPACE!;
      await assertPortsFree(portsOf(name, ports, servicePorts), offset);
      return await servers[name]({
        ...{ dataDir, ports, secrets, namespace, binaries, debuggers, signal, onDetail },
      });
    },
    restartCrashed: options.restartCrashed ?? false,
    onCrash: (part, text) => onProgress({ part, state: 'crashed', text }),
    onRestart: (part) => onProgress({ part, state: 'restarted' }),
  });
  const { pid, start, stop, stopAll } = supervisor;
  const platform: Platform = {
    ...{ dataDir, ports, servicePorts, debuggers, env: settings, leftovers, pid, start, stop, stopAll },
    kill: (name, signal = 'SIGKILL') => supervisor.kill(name, signal),
    rss: () => processTree([process.pid]).reduce((sum, row) => sum + row.rss, 0),
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
  // All of them before anything starts, so that a taken port is reported at once.
  const ours = selected.filter((part) => isChild(part)).filter((part) => !isExternal(part, env));
  const taken = ours.map((part) => portsOf(part, platform.ports, platform.servicePorts));
  await assertPortsFree(Object.assign({}, ...taken) as Record<string, number>, portOffset);

  const running = new Map<Part, Promise<void>>();
  async function run(part: Part): Promise<void> {
    if (isExternal(part, env)) return onProgress({ part, state: 'external' });
    if (part === 'console' && !platform.env.CONSOLE_URL)
      return onProgress({ part, state: 'left out', text: 'to sign in it needs CONSOLE_CLIENT_SECRET' });
    await Promise.all(NEEDS[part].flatMap((need) => running.get(need) ?? []));
    supervisor.closing.throwIfAborted();
    onProgress({ part, state: 'starting' });
    try {
      if (part === 'code') await generate();
      else if (part === 'pages') await buildPages();
      else if (part === 'migrations') await migrate(platform.env.DATABASE_URL!);
      else await supervisor.start(part);
      onProgress({ part, state: 'ready' });
    } catch (error) {
      if (!options.development || !isOfCode(part) || supervisor.closing.aborted) throw error;
      onProgress({ part, state: 'crashed', text: describeError(error) });
    }
  }
  // parts come after what they need
  for (const part of selected) running.set(part, run(part));
  try {
    await Promise.all(running.values());
  } catch (error) {
    await supervisor.stopAll();
    await Promise.allSettled(running.values()); // waits for what could not be aborted
    throw error;
  }
}

/** Port of each service that has a folder. */
function existingServices(): Record<string, number> {
  return Object.fromEntries(
    Object.entries(PORTS).filter(([name]) => name !== 'ops' && existsSync(join(ROOT, 'services', name))),
  );
}

async function assertPortsFree(ports: Record<string, number>, offset: number): Promise<void> {
  await Promise.all(Object.entries(ports).map(([usedBy, port]) => assertPortFree(port, usedBy, offset)));
}
