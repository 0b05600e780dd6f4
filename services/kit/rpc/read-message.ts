import { fromBinary, type DescMessage, type Message } from '@bufbuild/protobuf';
import { invalid } from './errors.ts';
import { findNul } from './find-nul.ts';
import { plainMessage } from './plain-message.ts';
import { validateMessage } from './validate.ts';

/** A message decoded by @bufbuild/protobuf, and its original bytes. */
export type DecodedMessage = { desc: DescMessage; message: Message; bytes: Uint8Array };

/**
 * Reads a request or an event. Its bytes are decoded once, so that the rules of its .proto are checked on the
 * same value that the code gets (docs/adr/0033).
 * @returns the decoded message, and its `value` in ts-proto's type
 * @throws RpcError INVALID_ARGUMENT naming each field at fault, or saying that the bytes are not such a
 *   message
 */
export function readMessage(desc: DescMessage, bytes: Uint8Array): DecodedMessage & { value: unknown } {
  const message = decode(desc, bytes);
  validateMessage(desc, message);
  const value = plainMessage(desc, message);
  // only messages with a zero byte can contain a NUL: most are not searched
  const nul = bytes.includes(0) ? findNul(value) : undefined;
  if (nul !== undefined) throw invalid(nul, 'must not contain NUL');
  return { desc, message, bytes, value };
}

function decode(desc: DescMessage, bytes: Uint8Array): Message {
  try {
    return fromBinary(desc, bytes);
  } catch {
    throw invalid('', `the bytes are not a ${desc.typeName} in protobuf`);
  }
}
