import { metrics } from '@opentelemetry/api';
import { PrometheusExporter } from '@opentelemetry/exporter-prometheus';
import { Resource } from '@opentelemetry/resources';
import { MeterProvider } from '@opentelemetry/sdk-metrics';
import {
  BatchSpanProcessor,
  NodeTracerProvider,
  NoopSpanProcessor,
  type SpanProcessor,
} from '@opentelemetry/sdk-trace-node';
import type { RequestListener } from 'node:http';

/** The telemetry of a process. */
export type Telemetry = {
  /** The attributes of every span: the process's name. */
  resource: Resource;
  /** Receives spans, including those of Temporal's workflows. */
  spanProcessor: SpanProcessor;
  /** Answers a scrape in Prometheus' text format. */
  metrics: RequestListener;
  /** Sends the remaining spans. */
  shutdown(): Promise<void>;
};

/**
 * Starts traces and metrics. Trace ids are always created and passed on, so that logs can be correlated.
 * Spans are exported by OTLP over HTTP if `OTEL_EXPORTER_OTLP_ENDPOINT` is set
 * (https://opentelemetry.io/docs/specs/otel/protocol/exporter/).
 */
export async function startTelemetry(
  processName: string,
  env: NodeJS.ProcessEnv = process.env,
): Promise<Telemetry> {
  const resource = new Resource({ 'service.name': processName });
  const exported = env.OTEL_EXPORTER_OTLP_ENDPOINT ?? env.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT;
  const spanProcessor = exported ? await otlpProcessor() : new NoopSpanProcessor();
  const tracing = new NodeTracerProvider({ resource, spanProcessors: [spanProcessor] });
  tracing.register();
  const prometheus = new PrometheusExporter({ preventServerStart: true });
  const metering = new MeterProvider({ resource, readers: [prometheus] });
  metrics.setGlobalMeterProvider(metering);
  return {
    resource,
    spanProcessor,
    metrics: (request, response) => prometheus.getMetricsRequestHandler(request, response),
    async shutdown() {
      await Promise.allSettled([tracing.shutdown(), metering.shutdown()]);
    },
  };
}

/** Loaded only if it is needed: it takes a fifth of a second. */
async function otlpProcessor(): Promise<SpanProcessor> {
  const { OTLPTraceExporter } = await import('@opentelemetry/exporter-trace-otlp-http');
  return new BatchSpanProcessor(new OTLPTraceExporter(), { scheduledDelayMillis: 500 });
}
