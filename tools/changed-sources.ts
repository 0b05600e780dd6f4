/** A process that runs our code. */
export type CodeProcess = 'services' | 'workers' | 'ops' | 'console';

/** What changed sources require, in this order. */
export interface Consequence {
  generate: boolean;
  migrate: boolean;
  bundle: boolean;
  /** The pages of the console are built again. */
  pages: boolean;
  /** The processes to restart. */
  restart: CodeProcess[];
}

/** The folders that are watched. */
export const WATCHED = ['proto', 'prisma', 'services', 'workflows', 'workers'];

/** Not watched: generated or downloaded files, files of no process, tests. */
const IGNORED =
  /(^|\/)(node_modules|gen|generated|testing)(\/|$)|^proto\/(buf|grpc)(\/|$)|\.test\.tsx?$|package\.json$/;
const SOURCE = /\.(tsx?|mjs|json|proto|prisma|sql|css|html|svg)$/;

/** The workflow code that services import too: events, what starting follow-ups needs, and what they decide. */
export const READ_BY_SERVICES = [
  ...['event-table', 'events', 'follow-up-starts', 'handler-memo', 'ids', 'motif', 'reminder-state'],
  ...['retention', 'retry-state', 'schedules', 'search-attributes', 'start-options', 'task-queues'],
];

/** Whether a path below the root is not a source; also for a folder without sources. */
export function isIgnored(path: string): boolean {
  return IGNORED.test(path);
}

/**
 * The processes that sources concern, and what must be generated from them first. @param paths below the root
 */
export function consequenceOf(paths: string[]): Consequence {
  const sources = paths.filter((path) => SOURCE.test(path) && !isIgnored(path));
  const some = (pattern: RegExp) => sources.some((path) => pattern.test(path));
  const all = some(/^(proto|prisma|services\/kit)\//);
  const both = all || some(/^services\/domain\//);
  const pages = some(/^(proto|services\/console\/web)\//);
  const read = some(new RegExp(`^workflows/(${READ_BY_SERVICES.join('|')})\\.ts$`));
  return {
    generate: some(/\.(proto|prisma)$/),
    migrate: some(/^prisma\/migrations\//),
    bundle: some(/^(workflows|proto)\//),
    pages,
    restart: [
      ...(both || read || some(/^services\/(?!console\/|ops\/)/) ? (['services'] as const) : []),
      ...(both || some(/^(workers|workflows)\//) ? (['workers'] as const) : []),
      ...(both || read || some(/^(services\/(ops\/|main\.ts$)|workers\/nats\/)/) ? (['ops'] as const) : []),
      ...(all || pages || some(/^services\/(console\/|main\.ts$)/) ? (['console'] as const) : []),
    ],
  };
}
