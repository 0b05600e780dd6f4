import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { BinaryOptions } from './binaries.ts';
import { startChild, type Child, type ChildSpec } from './child.ts';
import type { Secrets } from './data-folder.ts';
import type { ServerPorts } from './ports.ts';

/** What a server needs in order to start. */
export interface ServerContext {
  dataDir: string;
  ports: ServerPorts;
  secrets: Secrets;
  /** Temporal namespace. */
  namespace: string;
  binaries: BinaryOptions;
  /** Services and workers accept a debugger, each on its port. */
  debuggers: boolean;
  signal?: AbortSignal;
  /** Shows a short text in the progress display: `creating the database`. */
  onDetail: (text: string) => void;
}

export type StartServer = (context: ServerContext) => Promise<Child>;

/**
 * The variables of our environment that programs may need. Servers get no others: the user's MAILDEV_*,
 * TEMPORAL_*, PG* or NODE_OPTIONS would change how they run.
 */
export function systemEnvironment(): NodeJS.ProcessEnv {
  const names = ['PATH', 'HOME', 'USER', 'LOGNAME', 'SHELL', 'TMPDIR', 'LANG', 'NODE_EXTRA_CA_CERTS'];
  return Object.fromEntries(names.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])));
}

/** The folder with a server's data, made where it does not exist. */
export function serverFolder(dataDir: string, name: string): string {
  const folder = join(dataDir, name);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return folder;
}

/** Starts a server in the folder with its data. */
export const startServer = (
  { dataDir, signal }: Pick<ServerContext, 'dataDir' | 'signal'>,
  spec: Omit<ChildSpec, 'cwd' | 'env' | 'stopSignal'>,
): Promise<Child> =>
  startChild(
    { ...spec, cwd: serverFolder(dataDir, spec.name), env: systemEnvironment(), stopSignal: 'SIGTERM' },
    dataDir,
    signal,
  );
