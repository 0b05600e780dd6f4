import { ROOT } from '@crm/tools/data-folder';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

const page = readFileSync(join(ROOT, 'ARCHITECTURE.md'), 'utf8');
const section = page.split('\n## ').find((part) => part.startsWith('Looking for something?'))!;

/** `- What one sees: `file` (`export`)…`, or a folder without an export. */
const entries = section
  .split('\n')
  .filter((line) => line.startsWith('- '))
  .map((line) => {
    const [, symptom = line, path = '', deciding = ''] =
      /^- (.+?): `([^`]+)`(?: \(`(\w+)`\))?/.exec(line) ?? [];
    return { symptom, path, deciding };
  });

test.each(entries)('$symptom: $path', ({ path, deciding }) => {
  expect(existsSync(join(ROOT, path))).toBe(true);
  if (path.endsWith('/')) return expect(statSync(join(ROOT, path)).isDirectory()).toBe(true);
  const declaration = new RegExp(`^export (async )?(const|class|function\\*?) ${deciding}\\b`, 'm');
  expect(readFileSync(join(ROOT, path), 'utf8')).toMatch(declaration);
});

const sources = execFileSync('git', ['ls-files', 'services', 'workers', 'workflows'], {
  cwd: ROOT,
  encoding: 'utf8',
})
  .split('\n')
  .filter((path) => path.endsWith('.ts') && !/\.test\.ts$|\/testing\//.test(path));

/** What a newcomer with this fault searches for among the names of folders and files. */
test.each([
  ['A reminder goes out on the wrong day', /relance\/.*(due|day|send-time)/],
  ['A mail went out twice', /email\/.*(repeat|twice|resend|send-e)/],
  ['A token (of Keycloak', /auth\/.*(token|jwks|keycloak)/],
  ['An event is not in Temporal', /workers\/(outbox|bridge)/],
  ['A rejected payment (AM04) is not', /retry\/.*(eligib|reject|rejet)/],
])('%s: a newcomer finds it by the names of files', (begins, words) => {
  const named = entries.find(({ symptom }) => symptom.startsWith(begins));
  const found = sources.filter((path) => words.test(path));
  expect(found).toContain(named?.path);
  expect(found.length).toBeLessThanOrEqual(6);
});
