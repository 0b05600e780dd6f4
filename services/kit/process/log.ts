import { trace } from '@opentelemetry/api';
import pino, { type Logger } from 'pino';
import { currentWork } from '../rpc/work-context.ts';

export type { Logger };

/**
 * JSON logs on stdout. Every line has the trace, the correlation id and the event id of the current work.
 * Callers log ids, never tokens or personal data; the redaction is a second safeguard.
 */
export function logger(name: string, level = 'info'): Logger {
  return pino({
    name,
    level,
    redact: ['token', 'authorization', 'email', 'destinataire', 'nom', 'prenom', 'iban'].flatMap((key) => [
      key,
      `*.${key}`,
    ]),
    mixin() {
      const span = trace.getActiveSpan()?.spanContext();
      const work = currentWork();
      return {
        ...(span && { trace_id: span.traceId, span_id: span.spanId }),
        ...(work && { correlation_id: work.correlationId }),
        ...(work?.eventId && { event_id: work.eventId }),
      };
    },
  });
}
