import type { DescriptorProto, EnumDescriptorProto, FieldDescriptorProto } from '@bufbuild/protobuf/wkt';
import {
  FieldDescriptorProto_Label as Label,
  FieldDescriptorProto_Type as Type,
} from '@bufbuild/protobuf/wkt';
import { file_buf_validate_validate } from '@bufbuild/protovalidate/gen/buf/validate/validate_pb.js';

/** The largest field number plus one, as an extension range that ends in `max` says it (proto2 language guide). */
const MAX_RANGE_END = 536870912;

/**
 * The text of buf/validate/validate.proto, printed from the descriptor in the npm package
 * @bufbuild/protovalidate. buf needs the file to compile ours; its usual source, the Buf Schema Registry, is
 * a network service that a build should not depend on. The CEL expressions of the rules are left out, because
 * the validator has its own copy.
 */
export function printValidateProto(): string {
  const file = file_buf_validate_validate.proto;
  const lines = [`syntax = "${file.syntax || 'proto2'}";`, `package ${file.package};`];
  lines.push(...file.dependency.map((path) => `import "${path}";`));
  for (const entry of file.enumType) lines.push(...printEnum(entry));
  for (const entry of file.messageType) lines.push(...printMessage(entry));
  for (const field of file.extension) lines.push(`extend ${field.extendee} {`, printField(field), '}');
  return lines.join('\n') + '\n';
}

const printEnum = (entry: EnumDescriptorProto): string[] => [
  `enum ${entry.name} {`,
  ...(entry.options?.allowAlias ? ['option allow_alias = true;'] : []),
  ...entry.value.map((value) => `${value.name} = ${value.number};`),
  '}',
];

function printMessage(message: DescriptorProto): string[] {
  const lines = [`message ${message.name} {`];
  for (const range of message.reservedRange) lines.push(`reserved ${range.start} to ${range.end - 1};`);
  for (const name of message.reservedName) lines.push(`reserved "${name}";`);
  for (const entry of message.enumType) lines.push(...printEnum(entry));
  for (const entry of message.nestedType) lines.push(...printMessage(entry));
  const inOneof = (field: FieldDescriptorProto) =>
    Object.hasOwn(field, 'oneofIndex') && !field.proto3Optional;
  lines.push(...message.field.filter((field) => !inOneof(field)).map((field) => printField(field)));
  message.oneofDecl.forEach((oneof, index) => {
    const fields = message.field.filter((field) => inOneof(field) && field.oneofIndex === index);
    if (fields.length === 0) return;
    lines.push(`oneof ${oneof.name} {`, ...fields.map((field) => printField(field, '')), '}');
  });
  for (const range of message.extensionRange) {
    lines.push(`extensions ${range.start} to ${range.end === MAX_RANGE_END ? 'max' : range.end - 1};`);
  }
  return [...lines, '}'];
}

function printField(field: FieldDescriptorProto, label = `${Label[field.label].toLowerCase()} `): string {
  const named = field.type === Type.MESSAGE || field.type === Type.ENUM;
  return `${label}${named ? field.typeName : Type[field.type].toLowerCase()} ${field.name} = ${field.number};`;
}
