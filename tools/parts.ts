import type { ServerPorts } from './ports.ts';

/** The processes of the platform. */
export type ChildName =
  'postgres' | 'nats' | 'temporal' | 'mail' | 'services' | 'workers' | 'ops' | 'console';

/** The processes, and the steps before the last of them. */
export type Part = ChildName | 'code' | 'migrations' | 'pages';

/** What each part needs first. Parts that are left out or external are not waited for. */
export const NEEDS: Record<Part, Part[]> = {
  postgres: [],
  nats: [],
  temporal: [],
  mail: [],
  code: [],
  migrations: ['postgres'],
  pages: ['code'],
  services: ['code', 'migrations'],
  workers: ['code', 'migrations', 'nats', 'temporal'],
  ops: ['code', 'migrations'],
  console: ['code', 'migrations', 'pages'],
};

export const PARTS = Object.keys(NEEDS) as Part[];

/** The names for people. */
export const TITLES: Record<Part, string> = {
  postgres: 'PostgreSQL',
  nats: 'NATS JetStream',
  temporal: 'Temporal and its UI',
  mail: 'Mail inbox',
  code: 'Generated code',
  migrations: 'Database migrations',
  pages: 'Pages of the console',
  services: 'Services',
  workers: 'Outbox relay, bridge and workers',
  ops: 'Operations',
  console: 'Console',
};

/** The variable that names an external server. */
const NAMED_BY: Partial<Record<Part, string>> = {
  postgres: 'DATABASE_URL',
  nats: 'NATS_URL',
  temporal: 'TEMPORAL_ADDRESS',
  mail: 'SMTP_URL',
};

const PORTS_OF: Record<ChildName, (keyof ServerPorts)[]> = {
  postgres: ['postgres'],
  nats: ['nats', 'natsMonitoring'],
  temporal: ['temporal', 'temporalUi'],
  mail: ['smtp', 'mailInbox'],
  services: ['servicesMetrics', 'servicesDebugger'],
  workers: ['workersMetrics', 'workersDebugger'],
  ops: ['ops', 'opsMetrics', 'opsDebugger'],
  console: ['console', 'consoleMetrics', 'consoleDebugger'],
};

const PORT_TITLES: Record<keyof ServerPorts, string> = {
  postgres: 'PostgreSQL',
  nats: 'NATS',
  natsMonitoring: 'NATS monitoring',
  temporal: 'Temporal',
  temporalUi: 'Temporal UI',
  smtp: 'SMTP',
  mailInbox: 'mail inbox',
  workersMetrics: "workers' metrics",
  servicesMetrics: "services' metrics",
  servicesDebugger: "services' debugger",
  workersDebugger: "workers' debugger",
  ops: 'ops',
  opsMetrics: "ops' metrics",
  opsDebugger: "ops' debugger",
  console: 'console',
  consoleMetrics: "console's metrics",
  consoleDebugger: "console's debugger",
};

export function isChild(part: Part): part is ChildName {
  return part in PORTS_OF;
}

/** The parts that are our code. */
const OF_CODE: Part[] = ['code', 'pages', 'services', 'workers', 'ops', 'console'];

/** Whether a part runs or makes our code, so that a change of it may mend the part. */
export const isOfCode = (part: Part): boolean => OF_CODE.includes(part);

/** The requested parts, and the steps that they need. */
export function selectParts(only: Part[] = PARTS): Part[] {
  const implied: Part[] = only.flatMap((part) => NEEDS[part]).filter((need) => !isChild(need));
  return PARTS.filter((part) => only.includes(part) || implied.includes(part));
}

/** Whether the environment names an external server for this part. */
export function isExternal(part: Part, env: NodeJS.ProcessEnv): boolean {
  return Boolean(env[NAMED_BY[part] ?? '']);
}

/** The ports of a process, by purpose. */
export function portsOf(
  name: ChildName,
  ports: ServerPorts,
  servicePorts: Record<string, number>,
): Record<string, number> {
  const own = Object.fromEntries(PORTS_OF[name].map((port) => [PORT_TITLES[port], ports[port]]));
  return name === 'services' ? { ...own, ...servicePorts } : own;
}
