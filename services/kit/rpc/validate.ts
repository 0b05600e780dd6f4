import {
  create,
  createFileRegistry,
  createRegistry,
  fromBinary,
  type DescMessage,
  type FileRegistry,
  type Message,
} from '@bufbuild/protobuf';
import { pathToString } from '@bufbuild/protobuf/reflect';
import { FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';
import { createValidator } from '@bufbuild/protovalidate';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { invalidFields } from './errors.ts';

/** Every message and service of the contract, from the descriptor set that buf builds. */
export const descriptors: FileRegistry = createFileRegistry(
  fromBinary(
    FileDescriptorSetSchema,
    readFileSync(fileURLToPath(import.meta.resolve('@crm/proto/descriptor'))),
  ),
);

const validator = createValidator({ registry: createRegistry(...descriptors) });

/**
 * Checks a message against the rules that its .proto annotates (buf.validate).
 * @throws RpcError INVALID_ARGUMENT naming each field at fault
 */
export function validateMessage(desc: DescMessage, message: Message): void {
  const result = validator.validate(desc, message);
  if (result.kind === 'valid') return;
  if (result.kind === 'error') throw result.error;
  throw invalidFields(
    result.violations.map((violation) => ({
      field: jsonPath(pathToString(violation.field) || fieldOfRule(desc, violation.ruleId)),
      description: violation.message,
    })),
  );
}

/** A rule about several fields of a message names by its id, `nom.or_raison_sociale`, the one that it finds at fault. */
function fieldOfRule({ fields }: DescMessage, ruleId: string): string {
  const [name] = ruleId.split('.');
  return fields.some((field) => field.name === name) ? name! : '';
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
