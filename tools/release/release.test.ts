import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { release } from './release.ts';

const CHANGELOG = `# Changelog

## [Unreleased]

### Added

- Something that users have waited for.

## [1.0.0] – 2026-11-28

- The first.
`;

let folder: string;
const write = (file: string, text: string) => writeFileSync(join(folder, file), text);
const read = (file: string) => readFileSync(join(folder, file), 'utf8');
const git = (...args: string[]) => execFileSync('git', args, { cwd: folder, encoding: 'utf8' }).trim();
const commitAll = () => (git('add', '.'), git('commit', '--quiet', '--message', 'work'));

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'suivi-release-'));
  git('init', '--quiet', '--initial-branch', 'main');
  git('config', 'user.name', 'Somebody');
  git('config', 'user.email', 'somebody@example.org');
  write('package.json', '{\n  "version": "1.0.0"\n}\n');
  write(
    'package-lock.json',
    '{\n  "version": "1.0.0",\n  "packages": {\n    "": {\n      "version": "1.0.0"\n    }\n  }\n}\n',
  );
  write('CHANGELOG.md', CHANGELOG);
  commitAll();
});
afterEach(() => rmSync(folder, { recursive: true }));

test('a version is in the changelog, in both package files, a commit and an annotated tag with its notes', () => {
  expect(release(folder, 'minor', false)).toContain('git push origin main v1.1.0');
  const day = new Date().toISOString().slice(0, 10);
  expect(read('CHANGELOG.md')).toContain(
    `## [Unreleased]\n\n## [1.1.0] – ${day}\n\n### Added\n\n- Something`,
  );
  for (const file of ['package.json', 'package-lock.json']) {
    expect(read(file)).not.toContain('1.0.0');
    expect(read(file)).toContain('"version": "1.1.0"');
  }
  expect(git('log', '-1', '--format=%s')).toBe('release: 1.1.0');
  expect(git('status', '--porcelain')).toBe('');
  expect(git('cat-file', '-t', 'v1.1.0')).toBe('tag');
  expect(git('rev-parse', 'v1.1.0^{commit}')).toBe(git('rev-parse', 'HEAD'));
  expect(git('tag', '--list', '--format=%(contents)', 'v1.1.0')).toContain('### Added\n\n- Something');
});

test('a dry run says the notes and changes nothing', () => {
  expect(release(folder, '2.0.0', true)).toContain('Would release 2.0.0:\n\n### Added');
  expect(git('tag', '--list')).toBe('');
  expect(git('status', '--porcelain')).toBe('');
  expect(git('rev-list', '--count', 'HEAD')).toBe('1');
});

test('everything that stands against it is said at once', () => {
  git('tag', 'v0.9.0');
  git('switch', '--quiet', '--create', 'elsewhere');
  write('CHANGELOG.md', '# Changelog\n\n## [Unreleased]\n\n## [1.0.0] – 2026-11-28\n');
  const faults = [
    '0.9.0 is not above 1.0.0, which is there',
    'CHANGELOG.md says nothing under [Unreleased]: what does this version bring?',
    'the tag v0.9.0 is there',
    'there are changes that are not committed: git status',
    'this is not the branch main',
  ];
  expect(() => release(folder, '0.9.0', false)).toThrow(`\n- ${faults.join('\n- ')}`);
  expect(() => release(folder, 'one', false)).toThrow('one is no version');
});

test('a version that was made and not tagged is tagged where it was made', () => {
  const made = git('rev-parse', 'HEAD');
  write('later.txt', 'work that comes after');
  commitAll();
  release(folder, '1.0.0', false);
  expect(git('rev-parse', 'v1.0.0^{commit}')).toBe(made);
  expect(read('CHANGELOG.md')).toBe(CHANGELOG);
  expect(() => release(folder, '1.0.0', false)).toThrow('the tag v1.0.0 is there');
});

test('a commit that a hook refuses leaves everything as it was', () => {
  writeFileSync(join(folder, '.git/hooks/pre-commit'), '#!/bin/sh\necho not today >&2\nexit 1\n', {
    mode: 0o755,
  });
  expect(() => release(folder, 'patch', false)).toThrow('git commit: not today');
  expect(git('status', '--porcelain')).toBe('');
  expect(git('tag', '--list')).toBe('');
});
