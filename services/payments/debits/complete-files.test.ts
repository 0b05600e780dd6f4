import { appendFileSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { completeFiles } from './complete-files.ts';

const folder = mkdtempSync(join(tmpdir(), 'suivi-inbox-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('a file is complete when nothing of it has changed for two seconds', async () => {
  let now = 0;
  const complete = completeFiles(folder, () => now);
  const after = async (ms: number) => {
    now += ms;
    return (await complete()).map(String);
  };
  mkdirSync(join(folder, 'done'));
  for (const name of ['.hidden.xml', 'a.xml.part', 'a.XML.TMP', 'a.xml~'])
    writeFileSync(join(folder, name), 'x');
  writeFileSync(join(folder, 'a.xml'), 'begun');
  expect(await after(0)).toEqual([]);
  expect(await after(1_900)).toEqual([]);
  appendFileSync(join(folder, 'a.xml'), ' and');
  expect(await after(200)).toEqual([]);
  expect(await after(1_900)).toEqual([]);
  // the same size, but written again
  utimesSync(join(folder, 'a.xml'), new Date(), new Date(Date.now() + 5_000));
  expect(await after(200)).toEqual([]);
  expect(await after(2_000)).toEqual(['a.xml']);
});
