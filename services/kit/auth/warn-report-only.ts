import type { WarningLog } from './jwks.ts';

const AGAIN_MS = 60_000;

/** AUTH_ENABLED=false is for a roll-out, not for ever: it is said at once and again every minute. */
export function warnReportOnly(log: WarningLog): void {
  const warn = () =>
    log.warn({}, 'AUTH_ENABLED=false: calls without an acceptable token are let through as "anonymous"');
  warn();
  setInterval(warn, AGAIN_MS).unref();
}
