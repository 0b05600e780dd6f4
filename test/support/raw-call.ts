import { Client, credentials, Metadata, type ServiceError, type StatusObject } from '@grpc/grpc-js';

/** How a call ended. */
export type Ended = StatusObject & { messages: Buffer[] };

const asIs = (bytes: Buffer): Buffer => bytes;

/**
 * Calls any method with any bytes and headers, and waits for the end of the call. A stream that stays open
 * ends after `withinMs` with DEADLINE_EXCEEDED. Always as a stream: on the wire there is no difference.
 */
export async function rawCall(
  address: string,
  path: string,
  { bytes = new Uint8Array(), headers = {}, withinMs = 20_000 }: RawCallSettings = {},
): Promise<Ended> {
  const client = new Client(address, credentials.createInsecure());
  const metadata = new Metadata();
  for (const [name, value] of Object.entries(headers)) metadata.set(name, value);
  try {
    const call = client.makeBidiStreamRequest(path, asIs, asIs, metadata, {
      deadline: Date.now() + withinMs,
    });
    const messages: Buffer[] = [];
    call.on('data', (message: Buffer) => messages.push(message));
    call.on('error', (error: ServiceError) => error); // 'status' follows
    const ended = new Promise<Ended>((resolve) => {
      call.on('status', (status: StatusObject) => resolve({ ...status, messages }));
    });
    call.write(Buffer.from(bytes));
    call.end();
    return await ended;
  } finally {
    client.close();
  }
}

export type RawCallSettings = { bytes?: Uint8Array; headers?: Record<string, string>; withinMs?: number };

/** The headers of a call with a token. */
export const bearer = (token: string): Record<string, string> => ({ authorization: `Bearer ${token}` });
