import {
  ScalarType,
  type DescEnum,
  type DescField,
  type DescMessage,
  type Message,
} from '@bufbuild/protobuf';

type Fields = Record<string, unknown>;
type Convert = (value: never) => unknown;

const converters = new Map<DescMessage, Convert>();

/**
 * A message that @bufbuild/protobuf has decoded, as an object of ts-proto's shape: what ts-proto's `decode` makes of the
 * same bytes. Enums are names, instants are Dates, what was left out of fields with presence is undefined, and a oneof is
 * `{ $case, value }`.
 *
 * What to do with each field is worked out once for each kind of message (docs/adr/0033 has the times).
 * @throws Error for an enum's number that has no name; the rules of the contract refuse those before
 */
export const plainMessage = (desc: DescMessage, message: Message): unknown =>
  messageConverter(desc)(message as never);

function messageConverter(desc: DescMessage): Convert {
  const known = converters.get(desc);
  if (known) return known;
  if (desc.typeName === 'google.protobuf.Timestamp') return toDate;
  const members: { localName: string; convert: Convert }[] = [];
  const convert = (message: Fields): unknown => {
    const plain: Fields = {};
    for (const { localName, convert } of members) plain[localName] = convert(message[localName] as never);
    return plain;
  };
  converters.set(desc, convert); // before its fields: one of them may hold another such message
  for (const member of desc.members) {
    const { localName } = member;
    const convert = member.kind === 'oneof' ? oneofConverter(member.fields) : fieldConverter(member);
    members.push({ localName, convert });
  }
  return convert;
}

function fieldConverter(field: DescField): Convert {
  const convert = valueConverter(field);
  if (field.fieldKind === 'list') return (list: never[]) => list.map(convert);
  if (field.fieldKind === 'map') {
    return (map: Record<string, never>) =>
      Object.fromEntries(Object.entries(map).map(([key, value]) => [key, convert(value)]));
  }
  return (value: never) => (value === undefined ? undefined : convert(value));
}

/** Of a field's value, or of each one that a list or a map has. */
function valueConverter({ enum: enumeration, message, scalar }: DescField): Convert {
  if (enumeration) return nameOf(enumeration);
  if (message) return messageConverter(message);
  return scalar === ScalarType.BYTES ? toBuffer : (value: unknown) => value;
}

function nameOf({ typeName, values }: DescEnum): Convert {
  const names = new Map(values.map(({ number, name }) => [number, name]));
  return (number: number) => {
    const name = names.get(number);
    if (name === undefined) throw new Error(`${typeName} has no value ${number}`);
    return name;
  };
}

function oneofConverter(fields: DescField[]): Convert {
  const cases = new Map(fields.map((field) => [field.localName, fieldConverter(field)]));
  return ({ case: $case, value }: { case: string | undefined; value: never }) =>
    $case === undefined ? undefined : { $case, value: cases.get($case)!(value) };
}

/** Cut to milliseconds, as ts-proto does. `timestampDate` rounds, which makes the last instant of a year one of the next. */
const toDate = ({ seconds, nanos }: { seconds: bigint; nanos: number }): Date =>
  new Date(Number(seconds) * 1_000 + nanos / 1_000_000);

/** The same bytes, not a copy. */
const toBuffer = ({ buffer, byteOffset, length }: Uint8Array): Buffer =>
  Buffer.from(buffer, byteOffset, length);
