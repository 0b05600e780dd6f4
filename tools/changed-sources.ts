/** What runs our code as a process of its own. */
export type CodeProcess = 'services' | 'workers';

/** What follows from changed sources, in this order. */
export interface Consequence {
  generate: boolean;
  migrate: boolean;
  bundle: boolean;
  /** The processes that are started again. */
  restart: CodeProcess[];
}

/** The folders that are watched. */
export const WATCHED = ['proto', 'prisma', 'services', 'workflows', 'workers'];

/** Printed, fetched or made by ourselves; of no process; tests. */
const IGNORED =
  /(^|\/)(node_modules|gen|generated|testing)(\/|$)|^proto\/(buf|grpc)(\/|$)|\.test\.tsx?$|package\.json$/;
const SOURCE = /\.(tsx?|mjs|json|proto|prisma|sql)$/;

/** The workflow code that services read too: what an event is, and what a signal-with-start needs. */
export const READ_BY_SERVICES = ['event-table', 'events', 'retention', 'search-attributes', 'task-queues'];

/** True for what is no source, by its path below the root; also for a folder with nothing else in it. */
export function isIgnored(path: string): boolean {
  return IGNORED.test(path);
}

/** Which process a source concerns, and what else must be made from it first. @param paths below the root */
export function consequenceOf(paths: string[]): Consequence {
  const sources = paths.filter((path) => SOURCE.test(path) && !isIgnored(path));
  const some = (pattern: RegExp) => sources.some((path) => pattern.test(path));
  const both = some(/^(proto|prisma|services\/(?:kit|domain))\//);
  const read = some(new RegExp(`^workflows/(${READ_BY_SERVICES.join('|')})\\.ts$`));
  return {
    generate: some(/\.(proto|prisma)$/),
    migrate: some(/^prisma\/migrations\//),
    bundle: some(/^(workflows|proto)\//),
    restart: [
      ...(both || read || some(/^services\//) ? (['services'] as const) : []),
      ...(both || some(/^(workers|workflows)\//) ? (['workers'] as const) : []),
    ],
  };
}
