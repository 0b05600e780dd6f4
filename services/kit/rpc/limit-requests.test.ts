import { Client, credentials, Metadata, status } from '@grpc/grpc-js';
import { connect } from 'node:http2';
import { gzipSync } from 'node:zlib';
import { METHODS, startEcho, type Echo } from '../auth/testing/echo.ts';
import { limitRequests } from './limit-requests.ts';

const LARGE = 2 * 1024 * 1024;
let echo: Echo;
beforeAll(async () => {
  echo = await startEcho([], (server) => limitRequests(server, new Map([[METHODS.stream.path, LARGE]])));
});
afterAll(() => echo.stop());

const of = (bytes: number) => ['x'.repeat(bytes)];

test('a method takes the size that is its own, another one 1 MiB, in whatever order they are called', async () => {
  for (let turn = 0; turn < 2; turn += 1) {
    expect((await echo.call('stream', new Metadata(), of(LARGE))).code).toBe(status.OK);
    const refused = await echo.call('unary', new Metadata(), of(LARGE));
    expect(refused.code).toBe(status.RESOURCE_EXHAUSTED);
    expect((await echo.call('stream', new Metadata(), of(LARGE + 1))).code).toBe(status.RESOURCE_EXHAUSTED);
    expect((await echo.call('unary', new Metadata(), of(1024 * 1024))).code).toBe(status.OK);
  }
});

/** One call with a message that is compressed, or marked as such. */
const framed = (message: Buffer, flag: number, encoding: string) =>
  new Promise<{ code: number; details: string }>((resolve, reject) => {
    const session = connect(`http://127.0.0.1:${echo.port}`).on('error', reject);
    const stream = session.request({
      ...{ ':method': 'POST', ':path': METHODS.unary.path, te: 'trailers' },
      ...{ 'content-type': 'application/grpc', 'grpc-encoding': encoding },
    });
    const end = (headers: Record<string, unknown>) => {
      if (headers['grpc-status'] === undefined) return;
      const details = decodeURIComponent(String(headers['grpc-message']));
      resolve({ code: Number(headers['grpc-status']), details });
      session.close();
    };
    stream.on('response', end).on('trailers', end).on('error', reject).resume();
    const head = Buffer.alloc(5, flag);
    head.writeUInt32BE(message.length, 1);
    stream.end(Buffer.concat([head, message]));
  });

test.each(['gzip', 'deflate', 'br'])(
  'a message compressed by %s is refused, and not decompressed',
  async (encoding) => {
    const before = process.memoryUsage.rss();
    const refused = await framed(gzipSync(Buffer.alloc(1024 * 1024)), 1, encoding);
    expect(refused.code).toBe(status.UNIMPLEMENTED);
    expect(refused.details).toContain(`${encoding}: no compression is accepted here`);
    expect(process.memoryUsage.rss() - before).toBeLessThan(100 * 1024 * 1024);
  },
);

test('one that could be compressed and is not, is taken', async () => {
  expect((await framed(Buffer.from('hello'), 0, 'gzip')).code).toBe(status.OK);
});

test('a client of grpc-js that compresses is told', async () => {
  const client = new Client(`127.0.0.1:${echo.port}`, credentials.createInsecure(), {
    'grpc.default_compression_algorithm': 2,
  });
  const call = () =>
    new Promise<number>((resolve) =>
      client.makeUnaryRequest(
        METHODS.unary.path,
        Buffer.from,
        Buffer.from as never,
        'x'.repeat(100),
        (error) => resolve(error?.code ?? status.OK),
      ),
    );
  expect(await call()).toBe(status.UNIMPLEMENTED);
  client.close();
});
