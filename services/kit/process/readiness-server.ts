import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';

/** The HTTP endpoints of a process: `/readyz` for orchestrators, `/metrics` for Prometheus. */
export type ReadinessServer = { port: number; close(): Promise<void> };

/**
 * Serves `/readyz` (200, or 503 with the name of what is missing) and `/metrics`.
 * @param checks the conditions for being ready; each rejects or returns false if it does not hold
 */
export async function serveReadiness(
  host: string,
  port: number,
  metrics: RequestListener,
  checks: Record<string, () => Promise<unknown>>,
): Promise<ReadinessServer> {
  const server = createServer((request, response) => {
    if (request.url === '/metrics') return metrics(request, response);
    if (request.url !== '/readyz') return void response.writeHead(404).end();
    void missing(checks).then((names) => {
      response.writeHead(names.length ? 503 : 200, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ ready: names.length === 0, missing: names }));
    });
  });
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, host, resolve));
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function missing(checks: Record<string, () => Promise<unknown>>): Promise<string[]> {
  const results = await Promise.all(
    Object.entries(checks).map(async ([name, check]) => {
      const ok = await check().then(
        (answer) => answer !== false,
        () => false,
      );
      return ok ? [] : [name];
    }),
  );
  return results.flat();
}
