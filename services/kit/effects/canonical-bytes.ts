import { toBinary, type DescField, type DescMessage } from '@bufbuild/protobuf';
import { reflect, type ReflectMap, type ReflectMessage } from '@bufbuild/protobuf/reflect';
import type { DecodedMessage } from '../rpc/read-message.ts';

/**
 * A message's bytes such that equal messages have equal ones: the entries of maps, which protobuf leaves in any order
 * (https://protobuf.dev/programming-guides/serialization-not-canonical/, Go's is random), by their keys. Of a message
 * without maps they are the bytes as they came; the maps of any other are put in order in place.
 */
export function canonicalBytes({ desc, message, bytes }: DecodedMessage): Uint8Array {
  if (!hasMap(desc)) return bytes;
  sortMaps(reflect(desc, message));
  return toBinary(desc, message);
}

/** Whether a message, or one within it, has a map. */
function hasMap(desc: DescMessage, seen = new Set<DescMessage>()): boolean {
  if (seen.has(desc)) return false;
  seen.add(desc);
  return desc.fields.some((field) => {
    const inner = innerOf(field);
    return field.fieldKind === 'map' || (inner !== undefined && hasMap(inner, seen));
  });
}

/** The message that a field holds, also each of a list's or a map's. */
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

/** An object, which a map is, keeps its entries in the order in which they were set. */
function sortEntries(map: ReflectMap): void {
  const entries = [...map].sort(([a], [b]) => (String(a) < String(b) ? -1 : 1));
  map.clear();
  for (const [key, value] of entries) map.set(key, value);
}
