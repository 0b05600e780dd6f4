/**
 * Error codes of a database that cannot be reached, or has no connection or time left: Prisma's
 * (https://www.prisma.io/docs/orm/reference/error-reference), and those that pg passes on, of PostgreSQL and of Node's
 * sockets.
 */
const AWAY = /^(P100[128]|P1017|P2024|P2028|P2037|ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT)$/;
/**
 * PostgreSQL's classes 08 (connection), 53 (resources) and 57P (operator intervention), and a server that only reads, as a
 * standby does until it is promoted (https://www.postgresql.org/docs/current/errcodes-appendix.html).
 */
const SQL_STATE = '08\\w{3}|53\\w{3}|57P\\w{2}|25006';
const AWAY_STATE = new RegExp(`^(${SQL_STATE})$`);
/** Prisma tells a state that it has no code of its own for in words. */
const AWAY_WORDS = new RegExp(
  'DatabaseNotReachable|ConnectionClosed|TooManyConnections|Connection terminated|connection error and is not queryable|' +
    `SocketTimeout|timeout exceeded when trying to connect|Code: \`(${SQL_STATE})\``,
);

/** What errors and their causes may have; causes of Prisma's adapter are plain objects. */
type Told = { code?: unknown; kind?: unknown; message?: unknown; cause?: unknown };

/** Whether an error of the database is worth another attempt. */
export function isDatabaseAway(error: unknown): boolean {
  for (let at = error; typeof at === 'object' && at !== null; at = (at as Told).cause) {
    const { code, kind, message } = at as Told;
    const said = [AWAY, AWAY_STATE].some((codes) => codes.test(String(code)));
    if (said || AWAY_WORDS.test(`${String(kind)} ${String(message)}`)) return true;
  }
  return false;
}
