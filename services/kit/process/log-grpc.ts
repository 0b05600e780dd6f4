import { setLogger } from '@grpc/grpc-js';
import type { Logger } from './log.ts';

/**
 * Sends what grpc-js says to the log. By default it prints a header that it cannot read on stderr, value included, which
 * may be a token. So only the words before the first colon are kept.
 */
export function logGrpc(log: Logger): void {
  const say =
    (level: 'debug' | 'info' | 'warn') =>
    (message: unknown): void =>
      log[level]({ said: String(message).split(':', 1)[0]!.slice(0, 100) }, 'grpc-js');
  setLogger({ error: say('warn'), info: say('info'), debug: say('debug') });
}
