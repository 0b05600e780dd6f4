import { everyPage } from './every-page.ts';
import type { PageRequest } from './page.ts';

test('pages are asked for one after the other until there is none', async () => {
  const asked: string[] = [];
  const list = ({ pageToken }: PageRequest) => {
    asked.push(pageToken);
    const at = Number(pageToken);
    return Promise.resolve({ row: at, nextPageToken: at < 2 ? String(at + 1) : '' });
  };
  const rows: number[] = [];
  for await (const { row } of everyPage(list)) rows.push(row);
  expect([asked, rows]).toEqual([
    ['', '1', '2'],
    [0, 1, 2],
  ]);
  for await (const _ of everyPage(list)) break;
  expect(asked).toHaveLength(4);
});
