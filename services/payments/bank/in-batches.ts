/** Calls at once. */
const AT_ONCE = 20;

/** Asks for each of the ids, some at a time; answers in their order. */
export async function inBatches<T>(ids: string[], ask: (id: string) => Promise<T>): Promise<T[]> {
  const answers: T[] = [];
  for (let at = 0; at < ids.length; at += AT_ONCE) {
    answers.push(...(await Promise.all(ids.slice(at, at + AT_ONCE).map(ask))));
  }
  return answers;
}
