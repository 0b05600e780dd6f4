import {
  create,
  createFileRegistry,
  createRegistry,
  fromBinary,
  type DescMessage,
  type FileRegistry,
} from '@bufbuild/protobuf';
import { pathToString } from '@bufbuild/protobuf/reflect';
import { FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';
import { createValidator } from '@bufbuild/protovalidate';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { invalid, invalidFields } from './errors.ts';
import { findNul } from './find-nul.ts';

/** Every message and service of the contract, from the descriptor set that buf builds. */
export const descriptors: FileRegistry = createFileRegistry(
  fromBinary(
    FileDescriptorSetSchema,
    readFileSync(fileURLToPath(import.meta.resolve('@crm/proto/descriptor'))),
  ),
);

const validator = createValidator({ registry: createRegistry(...descriptors) });

/**
 * Checks a message's bytes, a request's or an event's, against the rules that its .proto annotates (buf.validate).
 * @throws RpcError INVALID_ARGUMENT naming each field at fault, or saying that the bytes are no such message
 */
export function validateMessage(message: DescMessage, bytes: Uint8Array): void {
  let decoded;
  try {
    decoded = fromBinary(message, bytes);
  } catch {
    throw invalid('', `the bytes are not a ${message.typeName} in protobuf`);
  }
  const result = validator.validate(message, decoded);
  if (result.kind === 'error') throw result.error;
  if (result.kind === 'valid') {
    // a text with a NUL has one among its bytes: most requests are not walked
    const nul = bytes.includes(0) ? findNul(decoded) : undefined;
    if (nul !== undefined) throw invalid(nul, 'must not contain NUL');
    return;
  }
  throw invalidFields(
    result.violations.map((violation) => ({
      field: jsonPath(pathToString(violation.field) || fieldOfRule(message, violation.ruleId)),
      description: violation.message,
    })),
  );
}

/** A rule about several fields of a message names by its id, `nom.or_raison_sociale`, the one that it finds at fault. */
function fieldOfRule(message: DescMessage, ruleId: string): string {
  const [name] = ruleId.split('.');
  return message.fields.some((field) => field.name === name) ? name! : '';
}

/**
 * Whether a text is an address that mail servers take: the contract's rule `email_address`, for those that were
 * recorded before the rule.
 */
export function isEmailAddress(text: string): boolean {
  const message = descriptors.getMessage('rules.EmailAddress')!;
  return text !== '' && validator.validate(message, create(message, { address: text })).kind === 'valid';
}

/** `date_prevue` as callers write it in JSON: `datePrevue`. */
const jsonPath = (path: string): string =>
  path.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
