import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import type { Readable, Writable } from 'node:stream';
import { until } from './until.ts';

type Answer = { id?: number; result?: Record<string, unknown>; error?: { message: string } };

/**
 * Starts headless Chromium, at /usr/bin/chromium or where CHROMIUM says, controlled through a pipe.
 * @param profile a folder for its profile
 */
export async function startBrowser(profile: string, { width, height }: { width: number; height: number }) {
  const child = spawn(
    process.env.CHROMIUM ?? '/usr/bin/chromium',
    [
      ...['--headless=new', '--no-sandbox', '--disable-gpu', '--disable-background-networking'],
      ...['--hide-scrollbars', `--user-data-dir=${profile}`, `--window-size=${width},${height}`],
      '--remote-debugging-pipe',
    ],
    { stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] },
  );
  await once(child, 'spawn');
  const [to, from] = [child.stdio[3] as Writable, child.stdio[4] as Readable];
  const waiting = new Map<number, (answer: Answer) => void>();
  let read = '';
  from.on('data', (chunk: Buffer) => {
    const messages = (read + chunk.toString()).split('\0');
    read = messages.pop()!;
    for (const message of messages) {
      const answer = JSON.parse(message) as Answer;
      if (answer.id) waiting.get(answer.id)?.(answer);
    }
  });
  let last = 0;
  const ask = (method: string, params: object, sessionId?: string) =>
    new Promise<Record<string, unknown>>((resolve, reject) => {
      const id = ++last;
      waiting.set(id, ({ result, error }) =>
        error ? reject(new Error(`${method}: ${error.message}`)) : resolve(result!),
      );
      to.write(`${JSON.stringify({ id, method, params, sessionId })}\0`);
    });
  const { targetId } = await ask('Target.createTarget', { url: 'about:blank' });
  const { sessionId } = await ask('Target.attachToTarget', { targetId, flatten: true });
  const page = (method: string, params: object = {}) => ask(method, params, sessionId as string);
  const text = async () => {
    const { result } = await page('Runtime.evaluate', { expression: 'document.body.innerText' });
    return (result as { value: string }).value;
  };
  return {
    /** Opens a page, waits for these words on it, and writes a picture of it. */
    async picture(url: string, words: string[], file: string): Promise<string> {
      await page('Emulation.setDeviceMetricsOverride', {
        width,
        height,
        deviceScaleFactor: 1,
        mobile: false,
      });
      await page('Page.navigate', { url });
      await until(`${words.join(', ')} on ${url}`, async () => {
        const shown = await text();
        if (words.every((word) => shown.includes(word))) return true;
        throw new Error(shown.slice(0, 2_000));
      });
      const { data } = await page('Page.captureScreenshot', { format: 'png' });
      writeFileSync(file, Buffer.from(data as string, 'base64'));
      return await text();
    },
    stop: () => child.kill(),
  };
}
