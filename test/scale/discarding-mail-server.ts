import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';

/** A server that takes every mail and keeps its Message-ID and when it came, in milliseconds. */
export type DiscardingMailServer = {
  url: string;
  /** In the order in which they came; one that comes twice is there twice. */
  taken: { messageId: string; atMs: number }[];
  close(): Promise<void>;
};

/** Enough of a mail for its headers, in bytes. */
const HEADERS = 8_192;

/** A real SMTP server on a free port. */
export async function discardingMailServer(): Promise<DiscardingMailServer> {
  const taken: DiscardingMailServer['taken'] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    onData(stream, _, done) {
      let head = '';
      stream.on('data', (chunk: Buffer) => {
        if (head.length < HEADERS) head += chunk.toString('latin1');
      });
      stream.on('end', () => {
        taken.push({ messageId: /^message-id:\s*<?([^>\s]+)/im.exec(head)?.[1] ?? '', atMs: Date.now() });
        done();
      });
    },
  });
  server.on('error', () => undefined);
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    url: `smtp://127.0.0.1:${(server.server.address() as AddressInfo).port}`,
    taken,
    close: () => new Promise((closed) => server.close(() => closed())),
  };
}
