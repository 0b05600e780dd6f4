/** So many are asked for in one call: a page. */
const AT_ONCE = 200;

/** Asks another service's list for the ids, with the caller's own token; what it does not know is left out. */
export async function knownOf<T extends { id: string }>(
  ids: string[],
  list: (page: { ids: string[]; pageSize: number }) => Promise<T[]>,
): Promise<Map<string, T>> {
  const distinct = [...new Set(ids)].filter((id) => id !== '');
  const known = new Map<string, T>();
  for (let at = 0; at < distinct.length; at += AT_ONCE) {
    const found = await list({ ids: distinct.slice(at, at + AT_ONCE), pageSize: AT_ONCE });
    for (const one of found) known.set(one.id, one);
  }
  return known;
}
