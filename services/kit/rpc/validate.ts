import {
  create,
  createFileRegistry,
  createRegistry,
  fromBinary,
  getOption,
  type DescMessage,
  type FileRegistry,
  type Message,
} from '@bufbuild/protobuf';
import { pathToString, reflect, type ReflectMessage } from '@bufbuild/protobuf/reflect';
import { FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';
import { createValidator } from '@bufbuild/protovalidate';
import { field as rulesOf } from '@bufbuild/protovalidate/gen/buf/validate/validate_pb.js';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { invalidFields, type FieldFault } from './errors.ts';

/** Every message and service of the contract, from buf's descriptor set. */
export const descriptors: FileRegistry = createFileRegistry(
  fromBinary(
    FileDescriptorSetSchema,
    readFileSync(fileURLToPath(import.meta.resolve('@crm/proto/descriptor'))),
  ),
);

const validator = createValidator({ registry: createRegistry(...descriptors) });

/**
 * Checks a message against the rules in its .proto (buf.validate). Of a list that is too long only the first
 * items are kept and checked: a request may have half a million, each with several faults.
 * @throws RpcError INVALID_ARGUMENT naming each field at fault
 */
export function validateMessage(desc: DescMessage, message: Message): void {
  const faults = faultsOf(desc, message);
  if (faults.length > 0) throw invalidFields(faults);
}

/**
 * The faults of a message in bytes by the rules in its .proto.
 * @param typeName its full name: `clients.CreateClientRequest`
 */
export function messageFaults(typeName: string, bytes: Uint8Array): FieldFault[] {
  const desc = descriptors.getMessage(typeName)!;
  return faultsOf(desc, fromBinary(desc, bytes));
}

function faultsOf(desc: DescMessage, message: Message): FieldFault[] {
  cutLists(reflect(desc, message));
  const result = validator.validate(desc, message);
  if (result.kind === 'valid') return [];
  if (result.kind === 'error') throw result.error;
  return result.violations.map((violation) => ({
    field: jsonPath(pathToString(violation.field) || fieldOfRule(desc, violation.ruleId)),
    description: violation.message,
  }));
}

/** Cuts lists with more than their `max_items` after the first item too many, for which they are refused. */
function cutLists(message: ReflectMessage): void {
  for (const field of message.fields) {
    if (field.fieldKind === 'message' && message.isSet(field)) cutLists(message.get(field));
    if (field.fieldKind !== 'list') continue;
    const { type } = getOption(field, rulesOf);
    const most = type.case === 'repeated' ? Number(type.value.maxItems) : 0;
    const items = (message.message as unknown as Record<string, unknown[]>)[field.localName]!;
    if (most && items.length > most) items.length = most + 1;
    if (field.listKind !== 'message') continue;
    for (const item of message.get(field)) cutLists(item as ReflectMessage);
  }
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

/** The JSON name of a path: `date_prevue` becomes `datePrevue`. The key of a map stays: `["date_prevue"]`. */
const jsonPath = (path: string): string =>
  path.replace(
    /(\["(?:\\.|[^"\\])*"\])|_([a-z0-9])/g,
    (_, key: string | undefined, letter: string | undefined) => key ?? letter!.toUpperCase(),
  );
