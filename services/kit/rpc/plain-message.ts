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
 * Converts a message decoded by @bufbuild/protobuf to an object of ts-proto's shape, equal to the result of
 * ts-proto's `decode`. Enums are names, instants are Dates, omitted fields with presence are undefined, and a
 * oneof is `{ $case, value }`.
 *
 * The conversion of each field is prepared once per message type (docs/adr/0033 has the times).
 * @throws Error for an enum number without a name; the rules of the contract refuse those before
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
  converters.set(desc, convert); // before the fields: one of them may contain the same message type
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

/** Converts a field's value, or each value of a list or a map. */
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

/**
 * Cuts to milliseconds, as ts-proto does. `timestampDate` rounds, which can turn the last instant of a year
 * into the next year.
 */
const toDate = ({ seconds, nanos }: { seconds: bigint; nanos: number }): Date =>
  new Date(Number(seconds) * 1_000 + nanos / 1_000_000);

/** The same bytes, without copying. */
const toBuffer = ({ buffer, byteOffset, length }: Uint8Array): Buffer =>
  Buffer.from(buffer, byteOffset, length);
