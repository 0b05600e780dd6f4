import type { ServerPorts } from './ports.ts';

/** What runs as a process of its own. */
export type ChildName = 'postgres' | 'nats' | 'temporal' | 'mail' | 'services' | 'workers';

/** The children, and the two things that are done before the last of them start. */
export type Part = ChildName | 'code' | 'migrations';

/** What must be there before a part can start. What is left out, or not ours, is not waited for. */
export const NEEDS: Record<Part, Part[]> = {
  postgres: [],
  nats: [],
  temporal: [],
  mail: [],
  code: [],
  migrations: ['postgres'],
  services: ['code', 'migrations'],
  workers: ['code', 'migrations', 'nats', 'temporal'],
};

export const PARTS = Object.keys(NEEDS) as Part[];

/** What people call it. */
export const TITLES: Record<Part, string> = {
  postgres: 'PostgreSQL',
  nats: 'NATS JetStream',
  temporal: 'Temporal and its UI',
  mail: 'Mail inbox',
  code: 'Generated code',
  migrations: 'Database migrations',
  services: 'Services',
  workers: 'Outbox relay, bridge and workers',
};

/** The variable that names a server of one's own. */
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
};

export function isChild(part: Part): part is ChildName {
  return part in PORTS_OF;
}

/** Those asked for, and what services and workers cannot do without. */
export function selectParts(only: Part[] = PARTS): Part[] {
  const implied: Part[] = only.some((part) => part === 'services' || part === 'workers')
    ? ['code', 'migrations']
    : [];
  return PARTS.filter((part) => only.includes(part) || implied.includes(part));
}

/** True when the environment names a server to be used in this part's stead. */
export function isExternal(part: Part, env: NodeJS.ProcessEnv): boolean {
  return Boolean(env[NAMED_BY[part] ?? '']);
}

/** The ports that a child listens on, by what they serve. */
export function portsOf(
  name: ChildName,
  ports: ServerPorts,
  servicePorts: Record<string, number>,
): Record<string, number> {
  const own = Object.fromEntries(PORTS_OF[name].map((port) => [PORT_TITLES[port], ports[port]]));
  return name === 'services' ? { ...own, ...servicePorts } : own;
}
