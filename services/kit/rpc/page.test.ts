import { countThatFits, page } from './page.ts';

const LONG = 'é'.repeat(200_000);

test.each([
  ['nothing', [], 0],
  ['short texts', Array<string>(1000).fill('Facture'), 1000],
  ['as many long ones as fit into 3 MiB', Array<object>(20).fill({ lignes: [{ designation: LONG }] }), 7],
  ['one that does not fit at all, so that paging goes on', [LONG.repeat(20), 'x'], 1],
  ['bytes', Array<object>(4).fill({ contenu: new Uint8Array(1024 * 1024) }), 3],
])('%s', (_, rows: unknown[], count) => {
  expect(countThatFits(rows)).toBe(count);
});

test('pages of long texts are short, and together all rows', async () => {
  const rows = Array.from({ length: 20 }, (_, index) => ({ id: String(99 - index), texte: LONG }));
  const rowsAfter = (last: string | undefined, take: number) =>
    Promise.resolve(rows.filter(({ id }) => !last || id < last).slice(0, take));
  const seen: string[][] = [];
  let pageToken = '';
  do {
    const found = await page({ pageSize: 15, pageToken }, rowsAfter);
    seen.push(found.rows.map(({ id }) => id));
    pageToken = found.nextPageToken;
  } while (pageToken);
  expect(seen.map(({ length }) => length)).toEqual([7, 7, 6]);
  expect(seen.flat()).toEqual(rows.map(({ id }) => id));
});
