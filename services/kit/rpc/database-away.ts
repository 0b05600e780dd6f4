/**
 * Error codes of a database that cannot be reached, or has no connection or time left: Prisma's
 * (https://www.prisma.io/docs/orm/reference/error-reference), and those that pg passes on, PostgreSQL's class
 * 57P (operator intervention) and Node's for sockets.
 */
const AWAY = /^(P100[128]|P1017|P2024|P2028|57P0\d|ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT)$/;
const AWAY_WORDS =
  /DatabaseNotReachable|ConnectionClosed|Connection terminated|SocketTimeout|timeout exceeded when trying to connect/;

/** Whether an error of the database is worth another attempt. */
export function isDatabaseAway(error: unknown): boolean {
  for (let at = error; at instanceof Error; at = at.cause) {
    if (AWAY.test(String((at as { code?: unknown }).code)) || AWAY_WORDS.test(at.message)) return true;
  }
  return false;
}
