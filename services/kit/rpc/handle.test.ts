import { Client, credentials, Metadata, status, type StatusObject } from '@grpc/grpc-js';
import { InvoiceServiceService } from '@crm/proto/factures/factures';
import pino from 'pino';
import { authInterceptor } from '../auth/index.ts';
import type { Implementation } from './implement.ts';
import { serve } from './serve.ts';

test('a stream whose reader is slow ends with the reason, when its token does', async () => {
  const expiresAt = Date.now() + 500;
  const unexpected: unknown[] = [];
  async function* downloadPdf() {
    for (;;) yield await Promise.resolve({ contenu: Buffer.alloc(64 * 1024) });
  }
  const served = await serve({
    ...{ host: '127.0.0.1', port: 0, reflection: false },
    db: undefined as never, // this method reads nothing
    log: pino({ base: null }, { write: (line) => void unexpected.push(line) }),
    implementations: [
      { definition: InvoiceServiceService, methods: { downloadPdf } as Implementation['methods'] },
    ],
    interceptors: [
      authInterceptor({
        verify: () => Promise.resolve({ sub: 'alice', issuer: 'test', service: false, expiresAt }),
        ...{ enabled: true, publicMethods: new Set(), onRefusal: () => {} },
      }),
    ],
  });
  const { path, requestSerialize, responseDeserialize } = InvoiceServiceService.downloadPdf;
  const client = new Client(`127.0.0.1:${served.port}`, credentials.createInsecure());
  try {
    const metadata = new Metadata();
    metadata.set('authorization', 'Bearer a.b.c');
    const stream = client.makeServerStreamRequest(
      ...([path, requestSerialize, responseDeserialize, { id: 'f-1' }, metadata] as const),
    );
    const ended = new Promise<StatusObject>((resolve) => stream.on('status', resolve).on('error', () => {}));
    await new Promise((resolve) => setTimeout(resolve, expiresAt + 500 - Date.now()));
    stream.resume();
    expect(await ended).toMatchObject({
      code: status.UNAUTHENTICATED,
      details: expect.stringContaining('expired') as string,
    });
    expect(unexpected).toEqual([]);
  } finally {
    client.close();
    await served.stop();
  }
});
