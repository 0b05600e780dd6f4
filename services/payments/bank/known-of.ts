import { orUndefined } from '@crm/kit';

/** Calls at once. */
const AT_ONCE = 20;

/** Asks another service for each of the ids, some at a time; what it does not know is left out. */
export async function knownOf<T>(ids: string[], get: (id: string) => Promise<T>): Promise<Map<string, T>> {
  const known = new Map<string, T>();
  for (let at = 0; at < ids.length; at += AT_ONCE) {
    await Promise.all(
      ids.slice(at, at + AT_ONCE).map(async (id) => {
        const found = await orUndefined(get(id));
        if (found) known.set(id, found);
      }),
    );
  }
  return known;
}
