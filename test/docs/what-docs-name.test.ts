import { ROOT } from '@crm/tools/data-folder';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const tracked = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
  cwd: ROOT,
  encoding: 'utf8',
}).split('\n');
const scripts = Object.keys(
  (JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { scripts: object }).scripts,
);
// decisions describe the day on which they were made
const pages = tracked.filter((path) => path.endsWith('.md') && !/^(docs\/adr\/|\.github\/)/.test(path));

/**
 * The files and folders in a page's code spans: `services/relance/due-at.ts`, or only `due-at.ts` if its
 * folder is clear.
 */
const filesNamed = (text: string): string[] =>
  [...text.matchAll(/`([\w@.-]+(?:\/[\w@.-]+)*\/?)`/g)]
    .map(([, name]) => name!)
    .filter(
      (name) =>
        /\w\.(tsx?|mjs|proto|prisma|sh|yaml)$/.test(name) ||
        /^(services|workers|workflows|tools|test|docker|proto|prisma|docs)\/./.test(name),
    );

describe.each(pages)('%s', (page) => {
  const text = readFileSync(join(ROOT, page), 'utf8');

  test('files that it names are there', () => {
    const exists = (name: string) => {
      const path = name.replace(/\/$/, '');
      return tracked.some(
        (file) => file === path || file.startsWith(`${path}/`) || file.endsWith(`/${path}`),
      );
    };
    expect(filesNamed(text).filter((name) => !exists(name))).toEqual([]);
  });

  test('commands that it names are there', () => {
    const named = [...text.matchAll(/npm run (?:-s )?([a-z][\w:-]*)/g)].map(([, name]) => name!);
    expect(named.filter((name) => !scripts.includes(name))).toEqual([]);
  });

  test('its links lead somewhere', () => {
    const targets = [...text.matchAll(/\]\((?!https?:)([^)#\s]+)(?:#[^)]*)?\)/g)].map(
      ([, target]) => target!,
    );
    expect(targets.filter((target) => !existsSync(join(ROOT, dirname(page), target)))).toEqual([]);
  });
});
