import {
  create,
  fromBinary,
  ScalarType,
  toBinary,
  type DescField,
  type DescMessage,
  type Message,
} from '@bufbuild/protobuf';
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import { status } from '@grpc/grpc-js';
import fc from 'fast-check';
import { readdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { RpcError } from './errors.ts';
import { plainMessage } from './plain-message.ts';
import { readMessage } from './read-message.ts';
import { descriptors } from './validate.ts';

/** All incoming messages: the requests of our services, and the events. */
const incoming = new Set<DescMessage>();
for (const desc of descriptors) {
  if (desc.kind === 'message' && desc.typeName.startsWith('events.')) incoming.add(desc);
  if (desc.kind === 'service' && !desc.typeName.startsWith('grpc.')) {
    for (const { input } of desc.methods) incoming.add(input);
  }
}
const byName = [...incoming].map((desc): [string, DescMessage] => [desc.typeName, desc]);

/** The result of reading: a value, or the fields at fault. Anything else is thrown. */
function read(desc: DescMessage, bytes: Uint8Array): { value: unknown } | { refused: string } {
  try {
    return { value: readMessage(desc, bytes).value };
  } catch (error) {
    if (!(error instanceof RpcError) || error.code !== status.INVALID_ARGUMENT) throw error;
    return { refused: error.message };
  }
}

describe('the code is given what ts-proto would have decoded', () => {
  const tsProto = new Map<string, { decode(bytes: Uint8Array): unknown }>();
  beforeAll(async () => {
    const generated = dirname(fileURLToPath(import.meta.resolve('@crm/proto/descriptor')));
    for (const file of readdirSync(generated, { recursive: true, encoding: 'utf8' })) {
      if (!file.endsWith('.ts')) continue;
      const exported = (await import(`${generated}/${file}`)) as Record<string, never>;
      for (const one of Object.values<{ $type?: string; decode: never }>(exported)) {
        if (one.$type) tsProto.set(one.$type, one);
      }
    }
  });
  const bothRead = (desc: DescMessage, bytes: Uint8Array): void => {
    const expected = tsProto.get(desc.typeName)!.decode(bytes);
    expect(plainMessage(desc, fromBinary(desc, bytes))).toStrictEqual(expected);
  };

  test.each(byName)('%s', (_, desc) => {
    bothRead(desc, new Uint8Array());
    bothRead(desc, toBinary(desc, filled(desc, 'with something')));
    bothRead(desc, toBinary(desc, filled(desc, 'with zeros')));
    for (const { fields } of desc.oneofs) {
      for (const chosen of fields) bothRead(desc, toBinary(desc, filled(desc, 'with something', chosen)));
    }
  });

  test('an instant is cut to milliseconds, not rounded', () => {
    const desc = descriptors.getMessage('activites.CreateTacheRequest')!;
    for (const seconds of [1n, -1n, -62_135_596_800n]) {
      const echeance = { seconds, nanos: 999_999_999 };
      bothRead(desc, toBinary(desc, create(desc, { echeance })));
    }
  });
});

/** A message with all its fields filled, recursively. Of a oneof the chosen field, or the first. */
function filled(desc: DescMessage, how: 'with something' | 'with zeros', chosen?: DescField): Message {
  const full = how === 'with something';
  if (desc.typeName === 'google.protobuf.Timestamp') {
    return create(desc, full ? { seconds: -1_800_000_000n, nanos: 123_456_789 } : {});
  }
  const scalars: Partial<Record<ScalarType, unknown>> = {
    [ScalarType.STRING]: full ? 'Zoé' : '',
    [ScalarType.BYTES]: full ? Buffer.from('Zoé') : Buffer.alloc(0),
    [ScalarType.BOOL]: full,
    [ScalarType.INT64]: full ? -(2n ** 63n) : 0n,
    [ScalarType.UINT64]: full ? 2n ** 64n - 1n : 0n,
    [ScalarType.INT32]: full ? -(2 ** 31) : 0,
    [ScalarType.UINT32]: full ? 2 ** 32 - 1 : 0,
  };
  const one = (field: DescField): unknown => {
    if (field.enum) return full ? field.enum.values.at(-1)!.number : field.enum.values[0]!.number;
    return field.message ? filled(field.message, how) : scalars[field.scalar];
  };
  const fields: Record<string, unknown> = {};
  for (const field of desc.fields) {
    const { localName, oneof, fieldKind } = field;
    const value = one(field);
    if (fieldKind === 'list') fields[localName] = full ? [value, value] : [];
    else if (fieldKind === 'map') fields[localName] = full ? { a: value, '': value, 7: value } : {};
    else if (!oneof) fields[localName] = value;
    else if (field === (chosen ?? oneof.fields[0])) fields[oneof.localName] = { case: localName, value };
  }
  return create(desc, fields);
}

test('the number of an enum that the contract does not have is refused by the field’s name', () => {
  const all = new Set(incoming);
  for (const desc of all) {
    for (const field of desc.fields) {
      if (field.message) all.add(field.message);
      if (!field.enum) continue;
      const bytes = new BinaryWriter().tag(field.number, WireType.Varint).int32(9999).finish();
      expect(read(desc, bytes)).toEqual({
        refused: expect.stringMatching(`(^|; )${field.localName}[:[]`) as string,
      });
    }
  }
  // no rule refused it: better no value than a wrong one
  const client = descriptors.getMessage('clients.CreateClientRequest')!;
  expect(() => plainMessage(client, create(client, { type: 99 }))).toThrow(/has no value 99/);
});

describe('what is told twice in one message', () => {
  const client = descriptors.getMessage('clients.CreateClientRequest')!;
  const text = (number: number, value: string) => new BinaryWriter().tag(number, 2).string(value).finish();
  const number = (field: number, value: number) => new BinaryWriter().tag(field, 0).int32(value).finish();
  const within = (field: number, ...parts: Uint8Array[]) =>
    new BinaryWriter().tag(field, 2).bytes(Buffer.concat(parts)).finish();
  const NOM = text(2, 'N');

  test.each([
    ['an enum, wrongly first', [NOM, number(6, 99), number(6, 1)], { type: 'PARTICULIER' }],
    ['a text, wrongly first', [text(2, ' '), text(2, 'B')], { nom: 'B' }],
    ['an address, wrongly first', [NOM, text(4, '@'), text(4, '')], { email: '' }],
  ])('%s: the last one counts', (_, parts, value) => {
    expect(read(client, Buffer.concat(parts))).toMatchObject({ value });
  });

  test.each([
    ['an enum', [NOM, number(6, 1), number(6, 99)], /^type: /],
    ['a text', [text(2, 'B'), text(2, ' ')], /^nom: must not be blank$/],
  ])('%s, wrongly last, is refused', (_, parts, fault) => {
    expect(read(client, Buffer.concat(parts))).toEqual({ refused: expect.stringMatching(fault) as string });
  });

  test('a message is put together from its parts, and held against the rules so', () => {
    const desc = descriptors.getMessage('activites.CreateTacheRequest')!;
    const { number: echeance } = desc.fields.find(({ localName }) => localName === 'echeance')!;
    const titre = text(desc.fields.find(({ localName }) => localName === 'titre')!.number, 'T');
    const parts = [
      titre,
      within(echeance, number(1, 1_800_000_000)),
      within(echeance, number(2, 500_000_000)),
    ];
    const value = { echeance: new Date(1_800_000_000_500) };
    expect(read(desc, Buffer.concat(parts))).toMatchObject({ value });
  });

  test('of a oneof the last one counts', () => {
    const desc = descriptors.getMessage('payments.CloreLigneInconnueRequest')!;
    const line = [text(1, 'r'), number(2, 1), text(6, 'Doublon')];
    const paiement = within(3, text(1, 'p'));
    const both = read(desc, Buffer.concat([...line, paiement, within(5)]));
    expect(both).toMatchObject({ value: { fait: { $case: 'ecarter', value: {} } } });
    const refused = read(desc, Buffer.concat([...line, within(5), within(3, text(1, 'a b'))]));
    expect(refused).toEqual({ refused: expect.stringMatching(/^paiement\.id: /) as string });
  });

  test('of a map’s key the last value counts', () => {
    const desc = descriptors.getMessage('email.SendEmailWithTemplateRequest')!;
    const variables = desc.fields.find(({ fieldKind }) => fieldKind === 'map')!;
    const entry = (value: string) => within(variables.number, text(1, 'nom'), text(2, value));
    const bytes = Buffer.concat([entry('A'), entry('B')]);
    expect(plainMessage(desc, fromBinary(desc, bytes))).toMatchObject({ variables: { nom: 'B' } });
  });
});

test.each(['nom', '$nom', '$typeName', '__proto__', 'constructor'])(
  'a NUL in the value of a map is found, whatever its key is: %s',
  (key) => {
    const desc = descriptors.getMessage('email.SendEmailWithTemplateRequest')!;
    const text = (number: number, value: string) => new BinaryWriter().tag(number, 2).string(value).finish();
    const entry = Buffer.concat([text(1, key), text(2, 'a\0')]);
    const bytes = Buffer.concat(
      desc.fields.map(({ localName, number }) => {
        if (localName === 'variables') return new BinaryWriter().tag(number, 2).bytes(entry).finish();
        if (localName === 'destinataire') return text(number, 'zoe@example.org');
        return localName === 'modele' ? text(number, 'rappel') : Buffer.alloc(0);
      }),
    );
    expect(read(desc, bytes)).toEqual({ refused: `variables.${key}: must not contain NUL` });
  },
);

test('groups in groups without end are no message', () => {
  const desc = descriptors.getMessage('clients.CreateClientRequest')!;
  const deep = Buffer.alloc(500_000, 100 * 8 + 3);
  expect(read(desc, deep)).toEqual({
    refused: 'the bytes are not a clients.CreateClientRequest in protobuf',
  });
});

describe('whatever comes is taken or refused', () => {
  const NUMBERS = [0n, 1n, -1n, 99n, 2n ** 31n - 1n, -(2n ** 31n), 2n ** 53n, 2n ** 63n - 1n, -(2n ** 63n)];
  const TEXTS = [
    '',
    ' ',
    'a',
    '7',
    '2026-02-30',
    '9999-12-31',
    'é\0',
    '\u{1f44b}',
    '__proto__',
    'x'.repeat(600),
  ];

  /** A field with this message type on the wire, or something else in its place. */
  const record = (desc: DescMessage, depth: number): fc.Arbitrary<Uint8Array> => {
    if (desc.fields.length === 0) return fc.constant(new Uint8Array());
    return fc.constantFrom(...desc.fields).chain(({ number, message, scalar, fieldKind }) => {
      const bytes: fc.Arbitrary<Uint8Array>[] = [
        fc.constantFrom(...TEXTS).map((text) => Buffer.from(text)),
        fc.uint8Array({ maxLength: 8 }),
      ];
      if (message && depth < 4) bytes.unshift(records(message, depth + 1), records(message, depth + 1));
      const isBytes =
        message || fieldKind === 'map' || scalar === ScalarType.STRING || scalar === ScalarType.BYTES;
      return fc.oneof(
        {
          weight: isBytes ? 20 : 1,
          arbitrary: fc
            .oneof(...bytes)
            .map((value) => new BinaryWriter().tag(number, 2).bytes(value).finish()),
        },
        {
          weight: isBytes ? 1 : 20,
          arbitrary: fc
            .constantFrom(...NUMBERS)
            .map((value) => new BinaryWriter().tag(number, 0).int64(value).finish()),
        },
        {
          weight: 1,
          arbitrary: fc.double().map((value) => new BinaryWriter().tag(number, 1).double(value).finish()),
        },
        {
          weight: 1,
          arbitrary: fc.constantFrom(3, 4, 5).map((type) => new BinaryWriter().tag(number, type).finish()),
        },
      );
    });
  };
  const records = (desc: DescMessage, depth = 0): fc.Arbitrary<Uint8Array> =>
    fc.array(record(desc, depth), { maxLength: 8 }).map((parts) => Buffer.concat(parts));

  test.each(byName)('%s', (_, desc) => {
    fc.assert(
      fc.property(records(desc), fc.nat(), (bytes, cut) => {
        read(desc, bytes);
        read(desc, bytes.subarray(0, cut % (bytes.length + 1)));
      }),
      { numRuns: 10, seed: 1 },
    );
  });
});
