import { knownOf } from './known-of.ts';

test('what does not fit on one page is read from the next ones', async () => {
  const ids = Array.from({ length: 450 }, (_, index) => `id-${index}`);
  const asked: string[] = [];
  const list = ({ ids: part, pageToken }: { ids: string[]; pageToken: string }) => {
    asked.push(`${part.length} after ${pageToken || 'none'}`);
    const from = Number(pageToken);
    const known = part.filter((id) => id !== 'id-7').map((id) => ({ id }));
    const isLast = from + 90 >= known.length;
    return Promise.resolve({
      found: known.slice(from, from + 90),
      nextPageToken: isLast ? '' : String(from + 90),
    });
  };
  const known = await knownOf([...ids, 'id-3', ''], list, ({ found }) => found);
  expect([...known.keys()]).toEqual(ids.filter((id) => id !== 'id-7'));
  expect(asked).toHaveLength(7);
});
