/** Merges sorted lists into one sorted list. It reads from each only what is needed next. */
export async function* merged<T>(
  lists: AsyncIterator<T, void>[],
  compare: (one: T, other: T) => number,
): AsyncGenerator<T> {
  const waiting: { value: T; list: AsyncIterator<T, void> }[] = [];
  const readOn = async (list: AsyncIterator<T, void>): Promise<void> => {
    const { done, value } = await list.next();
    if (!done) waiting.push({ value, list });
  };
  for (const list of lists) await readOn(list);
  while (waiting.length > 0) {
    waiting.sort((one, other) => compare(one.value, other.value));
    const { value, list } = waiting.shift()!;
    yield value;
    await readOn(list);
  }
}
