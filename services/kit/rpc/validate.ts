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

/** Every message and service of the contract, from buf's descriptor set. */
export const descriptors: FileRegistry = createFileRegistry(
  fromBinary(
    FileDescriptorSetSchema,
    readFileSync(fileURLToPath(import.meta.resolve('@crm/proto/descriptor'))),
  ),
);

const validator = createValidator({ registry: createRegistry(...descriptors) });

/**
 * Checks a message against the rules in its .proto (buf.validate).
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

/** The field of a rule about several fields: it is in the rule's id, `nom.or_raison_sociale`. */
function fieldOfRule({ fields }: DescMessage, ruleId: string): string {
  const [name] = ruleId.split('.');
  return fields.some((field) => field.name === name) ? name! : '';
}

/**
 * Whether mail servers accept an address: the rule `email_address`, for addresses that were recorded before
 * that rule.
 */
export function isEmailAddress(text: string): boolean {
  const message = descriptors.getMessage('rules.EmailAddress')!;
  return text !== '' && validator.validate(message, create(message, { address: text })).kind === 'valid';
}

/** The JSON name of a path: `date_prevue` becomes `datePrevue`. */
const jsonPath = (path: string): string =>
  path.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
