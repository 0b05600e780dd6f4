import { once } from 'node:events';
import { connect } from 'node:http2';
import { connect as connectSocket } from 'node:net';
import { Duplex, Transform } from 'node:stream';

export type Header = readonly [name: string, value: string];

export interface RawOutcome {
  /** grpc-status; undefined if the stream was reset without one. */
  readonly code: number | undefined;
  readonly details: string | undefined;
}

/**
 * A gRPC call with exactly these headers, repeated ones included, which the clients of grpc-js and node:http2
 * refuse to send. node:http2 speaks the protocol; its block of request headers is replaced by one written
 * here, and node:http2 decodes the answer.
 */
export async function rawCall(port: number, path: string, headers: readonly Header[]): Promise<RawOutcome> {
  const socket = connectSocket(port, '127.0.0.1');
  await once(socket, 'connect');
  const outgoing = replaceHeaders([
    [':method', 'POST'],
    [':scheme', 'http'],
    [':path', path],
    [':authority', `127.0.0.1:${port}`],
    ['content-type', 'application/grpc'],
    ['te', 'trailers'],
    ...headers,
  ]);
  outgoing.pipe(socket);
  const session = connect(`http://127.0.0.1:${port}`, {
    createConnection: () => Duplex.from({ writable: outgoing, readable: socket }),
  });
  try {
    const request = session.request({ ':method': 'POST', ':path': path }, { endStream: false });
    const answer: Record<string, unknown> = {};
    request.on('response', (fields) => void Object.assign(answer, fields));
    request.on('trailers', (fields) => void Object.assign(answer, fields));
    request.on('error', () => undefined); // a reset: there is no grpc-status then
    request.end(Buffer.concat([Buffer.from([0, 0, 0, 0, 5]), Buffer.from('hello')]));
    request.resume();
    await new Promise((resolve) => request.once('close', resolve));
    const { 'grpc-status': code, 'grpc-message': details } = answer;
    return {
      code: code === undefined ? undefined : Number(code),
      details: typeof details === 'string' ? decodeURI(details) : undefined,
    };
  } finally {
    session.destroy();
    socket.destroy();
  }
}

const PREFACE_BYTES = 24;
const FRAME_HEADER_BYTES = 9;
const HEADERS = 1;
const END_STREAM = 0x1;
const END_HEADERS = 0x4;

/** Forwards HTTP/2 frames (RFC 9113, section 4.1), except the payload of HEADERS. */
function replaceHeaders(headers: readonly Header[]): Transform {
  let rest = Buffer.alloc(0);
  let prefaced = false;
  return new Transform({
    transform(chunk: Buffer, _, done) {
      rest = Buffer.concat([rest, chunk]);
      if (!prefaced && rest.length >= PREFACE_BYTES) {
        this.push(rest.subarray(0, PREFACE_BYTES));
        rest = rest.subarray(PREFACE_BYTES);
        prefaced = true;
      }
      while (prefaced && rest.length >= FRAME_HEADER_BYTES) {
        const end = FRAME_HEADER_BYTES + rest.readUIntBE(0, 3);
        if (rest.length < end) break;
        const frame = rest.subarray(0, end);
        rest = rest.subarray(end);
        this.push(frame[3] === HEADERS ? headersFrame(frame, headers) : frame);
      }
      done();
    },
  });
}

function headersFrame(original: Buffer, headers: readonly Header[]): Buffer {
  const block = Buffer.concat(headers.map(literal));
  const head = Buffer.from(original.subarray(0, FRAME_HEADER_BYTES));
  head.writeUIntBE(block.length, 0, 3);
  head[4] = ((original[4] ?? 0) & END_STREAM) | END_HEADERS;
  return Buffer.concat([head, block]);
}

/** Literal without indexing, new name, no Huffman coding (RFC 7541, section 6.2.2). */
function literal([name, value]: Header): Buffer {
  return Buffer.concat([Buffer.from([0]), text(name), text(value)]);
}

/** Length as an integer with a 7-bit prefix, then the bytes (RFC 7541, sections 5.1 and 5.2). */
function text(value: string): Buffer {
  const bytes = Buffer.from(value, 'latin1');
  const length = [Math.min(bytes.length, 127)];
  for (let left = bytes.length - 127; left >= 0; left = left >= 128 ? left >> 7 : -1) {
    length.push(left >= 128 ? (left & 127) | 128 : left);
  }
  return Buffer.concat([Buffer.from(length), bytes]);
}
