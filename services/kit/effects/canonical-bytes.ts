import { toBinary, type DescField, type DescMessage } from '@bufbuild/protobuf';
import { reflect, type ReflectMap, type ReflectMessage } from '@bufbuild/protobuf/reflect';
import type { DecodedMessage } from '../rpc/read-message.ts';

/**
 * The bytes of a message, equal for equal messages: the entries of maps, whose order protobuf leaves open
 * (https://protobuf.dev/programming-guides/serialization-not-canonical/; Go's is random), are sorted by key,
 * in place. A message without maps keeps its bytes.
 */
export function canonicalBytes({ desc, message, bytes }: DecodedMessage): Uint8Array {
  if (!hasMap(desc)) return bytes;
  sortMaps(reflect(desc, message));
  return toBinary(desc, message);
}

/** Whether a message, or a message within it, has a map. */
function hasMap(desc: DescMessage, seen = new Set<DescMessage>()): boolean {
  if (seen.has(desc)) return false;
  seen.add(desc);
  return desc.fields.some((field) => {
    const inner = innerOf(field);
    return field.fieldKind === 'map' || (inner !== undefined && hasMap(inner, seen));
  });
}

/** The message type of a field, or of the elements of a list or map. */
const innerOf = (field: DescField): DescMessage | undefined =>
  field.fieldKind === 'scalar' || field.fieldKind === 'enum' ? undefined : field.message;

function sortMaps(message: ReflectMessage): void {
  for (const field of message.fields) {
    if (!message.isSet(field)) continue;
    const hasInner = innerOf(field) !== undefined;
    if (field.fieldKind === 'message') sortMaps(message.get(field));
    if (field.fieldKind === 'list' && hasInner) {
      for (const item of message.get(field)) sortMaps(item as ReflectMessage);
    }
    if (field.fieldKind === 'map') {
      const map = message.get(field);
      if (hasInner) for (const value of map.values()) sortMaps(value as ReflectMessage);
      sortEntries(map);
    }
  }
}

/** A map is an object, which keeps the order in which entries were set. */
function sortEntries(map: ReflectMap): void {
  const entries = [...map].sort(([a], [b]) => (String(a) < String(b) ? -1 : 1));
  map.clear();
  for (const [key, value] of entries) map.set(key, value);
}
