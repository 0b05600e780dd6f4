import {
  Client,
  credentials,
  Metadata,
  Server,
  ServerCredentials,
  type ServerDuplexStream,
  type ServerInterceptor,
  type ServerUnaryCall,
  type ServerWritableStream,
  type sendUnaryData,
  type ServiceError,
  type StatusObject,
} from '@grpc/grpc-js';
import { captureAuthorization } from '../capture-authorization.ts';
import { currentCaller, type Caller } from '../caller.ts';

const asIs = (bytes: Buffer): Buffer => bytes;

const method = (path: string, requestStream: boolean, responseStream: boolean) => ({
  path,
  requestStream,
  responseStream,
  requestSerialize: asIs,
  requestDeserialize: asIs,
  responseSerialize: asIs,
  responseDeserialize: asIs,
});

/** A method of each kind that the kit serves, and one that needs no token. */
export const METHODS = {
  unary: method('/test.Echo/Unary', false, false),
  stream: method('/test.Echo/Stream', false, true),
  chat: method('/test.Echo/Chat', true, true),
  check: method('/grpc.health.v1.Health/Check', false, false),
};
export type Kind = keyof typeof METHODS;

interface Handled {
  readonly kind: Kind;
  readonly caller: Caller | undefined;
  readonly authorization: unknown[];
}

interface Outcome {
  readonly code: number;
  readonly details: string;
  readonly messages: string[];
}

export interface Echo {
  readonly port: number;
  /** The calls that reached a handler. */
  readonly handled: Handled[];
  /** Calls with the given messages (one, for methods that take one), and waits for the end of the call. */
  readonly call: (kind: Kind, headers?: Metadata, messages?: string[]) => Promise<Outcome>;
  readonly client: Client;
  readonly stop: () => void;
}

/** A real server on a free port that returns what it is sent, and a client of it. */
export async function startEcho(
  interceptors: ServerInterceptor[],
  prepare = captureAuthorization,
): Promise<Echo> {
  const handled: Handled[] = [];
  const note = (kind: Kind, call: { metadata: Metadata }) =>
    handled.push({ kind, caller: currentCaller(), authorization: call.metadata.get('authorization') });

  const server = prepare(new Server({ interceptors }));
  server.addService(METHODS, {
    unary: (call: ServerUnaryCall<Buffer, Buffer>, answer: sendUnaryData<Buffer>) => {
      note('unary', call);
      answer(null, call.request);
    },
    check: (call: ServerUnaryCall<Buffer, Buffer>, answer: sendUnaryData<Buffer>) => {
      note('check', call);
      answer(null, call.request);
    },
    stream: (call: ServerWritableStream<Buffer, Buffer>) => {
      note('stream', call);
      call.write(call.request);
      call.write(call.request);
      call.end();
    },
    chat: (call: ServerDuplexStream<Buffer, Buffer>) => {
      note('chat', call);
      // The caller must still be known when a message arrives, not only when the call begins.
      call.on('data', (bytes: Buffer) =>
        call.write(Buffer.from(`${currentCaller()?.identity.sub} ${String(bytes)}`)),
      );
      call.on('end', () => call.end());
    },
  });
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    );
  });
  const client = new Client(`127.0.0.1:${port}`, credentials.createInsecure(), {
    'grpc.enable_http_proxy': 0,
  });

  return {
    port,
    handled,
    client,
    call: (kind, headers = new Metadata(), messages = ['hello']) => {
      const { path, requestStream } = METHODS[kind];
      // Always as a stream: on the wire there is no difference, and one code path serves all methods.
      const call = client.makeBidiStreamRequest(path, asIs, asIs, headers);
      const received: string[] = [];
      call.on('data', (bytes: Buffer) => received.push(String(bytes)));
      call.on('error', (error: ServiceError) => error); // 'status' follows
      const outcome = new Promise<Outcome>((resolve) => {
        call.on('status', ({ code, details }: StatusObject) =>
          resolve({ code, details, messages: received }),
        );
      });
      for (const message of requestStream ? messages : messages.slice(0, 1)) call.write(Buffer.from(message));
      call.end();
      return outcome;
    },
    stop: () => {
      client.close();
      server.forceShutdown();
    },
  };
}

export function bearer(token: string, scheme = 'Bearer '): Metadata {
  const headers = new Metadata();
  headers.set('authorization', scheme + token);
  return headers;
}
