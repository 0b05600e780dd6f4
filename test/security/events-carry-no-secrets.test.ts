import { getExtension, getOption, hasExtension, ScalarType } from '@bufbuild/protobuf';
import type { DescExtension, DescField, DescMessage, Message } from '@bufbuild/protobuf';
import { descriptors } from '@crm/kit';
import { MAX_EVENT_BYTES } from '@crm/workflows/event-table';
import { SECRET_WORDS } from '@crm/tools/new/secret-words';
import { definitionOf, eventTypes } from '@crm/workflows/events';

const events = eventTypes.map((type): [string, DescMessage] => [
  type,
  descriptors.getMessage(definitionOf(type).message.$type)!,
]);

/** Every message of the package, not only those of the table: one may be on its way there. */
const messages = [...descriptors].filter(
  (found): found is DescMessage => found.kind === 'message' && found.file.proto.package === 'events',
);

test('there are events to look at', () => {
  expect(messages.length).toBeGreaterThanOrEqual(events.length);
  expect(events.length).toBeGreaterThan(0);
});

test.each(messages.map((message) => [message.typeName, message] as const))(
  '%s has no field for bank details, documents or secrets',
  (_, message) => {
    expect(everyField(message).filter(isDenied).map(String)).toEqual([]);
  },
);

test.each(messages.map((message) => [message.typeName, message] as const))(
  '%s has no bytes',
  (_, message) => {
    const bytes = everyField(message).filter(({ scalar }) => scalar === ScalarType.BYTES);
    expect(bytes.map(String)).toEqual([]);
  },
);

test.each(events)('%s can never be larger than the limit, by the rules of its fields', (_, message) => {
  const unlimited = everyField(message).filter((field) => maxBytesOf(field) === Infinity);
  expect(unlimited.map(String)).toEqual([]);
  expect(maxBytes(message)).toBeLessThan(MAX_EVENT_BYTES);
});

test.each(events)('%s begins with the three common fields', (_, message) => {
  expect(message.fields.slice(0, 3).map(({ name, number }) => [number, name])).toEqual([
    [1, 'event_id'],
    [2, 'timestamp'],
    [3, 'correlation_id'],
  ]);
});

test('the deny-list sees words inside names, in the singular and the plural', () => {
  for (const name of ['iban', 'client_iban', 'ibans', 'access_token', 'pdf_content', 'documents']) {
    expect(isDenied({ name })).toBe(true);
  }
  for (const name of ['client_id', 'montant', 'motif_rejet', 'email']) expect(isDenied({ name })).toBe(false);
});

function isDenied({ name }: { name: string }): boolean {
  return name.split('_').some((word) => SECRET_WORDS.has(word) || SECRET_WORDS.has(word.replace(/s$/, '')));
}

/** Those of the messages within, too. */
function everyField(message: DescMessage, within: DescMessage[] = []): DescField[] {
  if (within.includes(message))
    throw new Error(`${message.typeName} contains itself: it has no largest size`);
  return message.fields.flatMap((field) => [
    field,
    ...(field.message ? everyField(field.message, [...within, message]) : []),
  ]);
}

const maxBytes = (message: DescMessage): number =>
  message.fields.reduce((sum, field) => sum + maxBytesOf(field), 0);

/** Tag and length of a field, generously. */
const FRAME_BYTES = 8;
const VARINT_BYTES = 10;
/** A code point in UTF-8. */
const CHARACTER_BYTES = 4;
/** A pattern without an open end is taken to match no more than this. */
const PATTERN_BYTES = 256;

/** What the shared rules of proto/rules let through at most, in bytes. */
const SHARED_RULES: Record<string, number> = {
  'rules.reference': 64,
  'rules.optional_reference': 64,
  'rules.email_address': 254 * CHARACTER_BYTES,
  'rules.recorded_email_address': 254 * CHARACTER_BYTES,
  'rules.telephone': 30,
  'rules.calendar_date': 10,
  'rules.time_of_day': 5,
};

/** Infinity for a field whose rules set no limit. */
function maxBytesOf(field: DescField): number {
  if (field.fieldKind === 'list' || field.fieldKind === 'map') return Infinity; // none so far: say how many, then
  if (field.message) return FRAME_BYTES + maxBytes(field.message);
  if (field.scalar === ScalarType.STRING) return FRAME_BYTES + maxStringBytes(field);
  return FRAME_BYTES + VARINT_BYTES;
}

type StringRules = Message & { maxLen: bigint; maxBytes: bigint; pattern: string };

function maxStringBytes(field: DescField): number {
  const option = descriptors.getExtension('buf.validate.field')!;
  const { type } = getOption(field, option) as { type: { case?: string; value?: StringRules } };
  if (type.case !== 'string' || !type.value) return Infinity;
  const rules = type.value;
  const limits = [
    rules.maxBytes > 0n ? Number(rules.maxBytes) : Infinity,
    rules.maxLen > 0n ? Number(rules.maxLen) * CHARACTER_BYTES : Infinity,
    isClosed(rules.pattern) ? PATTERN_BYTES : Infinity,
    ...sharedRules()
      .filter((rule) => hasExtension(rules, rule) && getExtension(rules, rule) === true)
      .map((rule) => SHARED_RULES[rule.typeName] ?? Infinity),
  ];
  return Math.min(...limits);
}

const sharedRules = (): DescExtension[] =>
  [...descriptors].filter(
    (found): found is DescExtension =>
      found.kind === 'extension' && found.extendee.typeName === 'buf.validate.StringRules',
  );

/** Anchored at both ends, and nothing in it repeats without end. */
const isClosed = (pattern: string): boolean => /^\^.*\$$/.test(pattern) && !/[*+]|,\}|\|/.test(pattern);
