import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

/** The part of a span that tests use. */
export type Span = {
  traceId: string;
  spanId: string;
  parentSpanId: string;
  name: string;
  /** The number in OTLP: 2 is a server's span, 5 a consumer's. */
  kind: number;
  /** The process that made it. */
  service: string;
};

type Attribute = { key: string; value: { stringValue?: string } };
type Export = {
  resourceSpans: {
    resource: { attributes: Attribute[] };
    scopeSpans: { spans: Omit<Span, 'service'>[] }[];
  }[];
};

/** Collects the spans of a platform: OTLP as JSON over HTTP on `POST /v1/traces`. */
export type TraceCollector = { url: string; stop(): Promise<void> };

/** Starts a collector on a free port. `GET /?trace=<id>` returns the spans of a trace as JSON. */
export async function startTraceCollector(): Promise<TraceCollector> {
  const traces = new Map<string, Span[]>();
  const server = createServer((request, response) => {
    void (async () => {
      const url = new URL(request.url ?? '/', 'http://collector');
      if (request.method === 'POST') {
        for (const span of spansOf(JSON.parse(await bodyOf(request)) as Export)) {
          traces.set(span.traceId, [...(traces.get(span.traceId) ?? []), span]);
        }
        response.end('{}');
      } else {
        response.end(JSON.stringify(traces.get(url.searchParams.get('trace') ?? '') ?? []));
      }
    })().catch((error: unknown) => response.writeHead(400).end(String(error)));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async stop() {
      server.closeAllConnections();
      await once(server.close(), 'close');
    },
  };
}

function spansOf({ resourceSpans }: Export): Span[] {
  return resourceSpans.flatMap(({ resource, scopeSpans }) => {
    const name = resource.attributes.find(({ key }) => key === 'service.name')?.value.stringValue ?? '';
    return scopeSpans.flatMap(({ spans }) => spans.map((span) => ({ ...span, service: name })));
  });
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
