import type { WarningLog } from './jwks.ts';

const AGAIN_MS = 60_000;

/** AUTH_ENABLED=false is meant for a roll-out only: a warning is logged at once and every minute. */
export function warnReportOnly(log: WarningLog): void {
  const warn = () =>
    log.warn({}, 'AUTH_ENABLED=false: calls without an acceptable token are let through as "anonymous"');
  warn();
  setInterval(warn, AGAIN_MS).unref();
}
