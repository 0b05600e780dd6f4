import { get } from 'node:http';

const TIMEOUT_MS = 2_000;

/**
 * GET on 127.0.0.1 without keep-alive, which would keep a test process running. Rejects if nothing answers
 * within two seconds.
 */
export function httpGet(
  port: number,
  path: string,
  headers: Record<string, string> = {},
): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const request = get(
      { host: '127.0.0.1', port, path, headers, agent: false, timeout: TIMEOUT_MS },
      (response) => {
        let body = '';
        response.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
        response.on('end', () => resolve({ status: response.statusCode ?? 0, body }));
        response.on('error', reject);
      },
    );
    request.on('timeout', () => request.destroy(new Error(`no answer from port ${port}`)));
    request.on('error', reject);
  });
}
