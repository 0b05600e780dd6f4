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
  /** Attributes of every span: the process's name. */
  resource: Resource;
  /** Where spans go; Temporal's workflows send theirs here too. */
  spanProcessor: SpanProcessor;
  /** Answers a scrape in Prometheus' text format. */
  metrics: RequestListener;
  /** Sends what is left. */
  shutdown(): Promise<void>;
};

/**
 * Starts traces and metrics. Trace ids are made and passed on in any case, so that logs can be joined;
 * spans are exported by OTLP over HTTP when `OTEL_EXPORTER_OTLP_ENDPOINT` is set
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

/** Loaded only where it is asked for: it takes a fifth of a second. */
async function otlpProcessor(): Promise<SpanProcessor> {
  const { OTLPTraceExporter } = await import('@opentelemetry/exporter-trace-otlp-http');
  return new BatchSpanProcessor(new OTLPTraceExporter(), { scheduledDelayMillis: 500 });
}
