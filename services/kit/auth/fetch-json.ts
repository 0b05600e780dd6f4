export interface FetchJsonOptions extends RequestInit {
  /** For the whole exchange, including the body. */
  readonly timeoutMs: number;
  readonly maxBytes: number;
}

/**
 * The JSON at a URL, if the status is 200; redirects are not followed.
 * @throws Error that names the URL but nothing of the answer, which may contain a token
 */
export async function fetchJson(url: string, options: FetchJsonOptions): Promise<unknown> {
  const { timeoutMs, maxBytes, ...init } = options;
  try {
    const response = await fetch(url, { ...init, redirect: 'error', signal: AbortSignal.timeout(timeoutMs) });
    if (response.status !== 200) {
      await response.body?.cancel();
      throw new Error(`status ${response.status}`);
    }
    return parse(await bodyOf(response, maxBytes));
  } catch (error) {
    throw new Error(`${url}: ${why(error)}`, { cause: error });
  }
}

async function bodyOf(response: Response, maxBytes: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    bytes += chunk.length;
    if (bytes > maxBytes) throw new Error(`more than ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    throw new Error('no JSON'); // The parser's own message would quote the text.
  }
}

/** fetch says "fetch failed" and hides the reason, for example ECONNREFUSED, in its cause. */
function why(error: unknown): string {
  const { message, cause } = error as { message?: string; cause?: { code?: string; message?: string } };
  return cause?.code ?? cause?.message ?? message ?? 'unknown error';
}
