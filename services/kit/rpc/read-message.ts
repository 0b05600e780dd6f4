import { fromBinary, type DescMessage, type Message } from '@bufbuild/protobuf';
import { invalid } from './errors.ts';
import { findNul } from './find-nul.ts';
import { plainMessage } from './plain-message.ts';
import { validateMessage } from './validate.ts';

/** A message as @bufbuild/protobuf decoded it, and its bytes as they came. */
export type DecodedMessage = { desc: DescMessage; message: Message; bytes: Uint8Array };

/**
 * Reads a message, a request's or an event's. Its bytes are decoded once, so that what the rules of its .proto were held
 * against is what the code is given (docs/adr/0033).
 * @returns beside the decoded message its `value`, of ts-proto's type
 * @throws RpcError INVALID_ARGUMENT naming each field at fault, or saying that the bytes are no such message
 */
export function readMessage(desc: DescMessage, bytes: Uint8Array): DecodedMessage & { value: unknown } {
  const message = decode(desc, bytes);
  validateMessage(desc, message);
  // a text with a NUL has one among its bytes: most messages are not walked
  const nul = bytes.includes(0) ? findNul(message) : undefined;
  if (nul !== undefined) throw invalid(nul, 'must not contain NUL');
  return { desc, message, bytes, value: plainMessage(desc, message) };
}

function decode(desc: DescMessage, bytes: Uint8Array): Message {
  try {
    return fromBinary(desc, bytes);
  } catch {
    throw invalid('', `the bytes are not a ${desc.typeName} in protobuf`);
  }
}
