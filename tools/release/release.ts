import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gt, inc, valid, type ReleaseType } from 'semver';
import { PlainError } from '../plain-error.ts';
import { closeUnreleased, notesOf } from './close-unreleased.ts';

const BRANCH = 'main';
const FILES = ['package.json', 'package-lock.json', 'CHANGELOG.md'];

/**
 * Releases the repository in a folder under a version (`1.2.3`, or `major`, `minor`, `patch` above the current one).
 * @returns what was done, or would be, for the person at the keyboard
 * @throws {PlainError} everything that stands against it at once; nothing has changed then
 */
export function release(folder: string, wanted: string, dryRun: boolean): string {
  const git = gitIn(folder);
  const changelog = readFileSync(join(folder, 'CHANGELOG.md'), 'utf8');
  const { version: current } = readJson(join(folder, 'package.json')) as { version: string };
  const isPart = ['major', 'minor', 'patch'].includes(wanted);
  const version = isPart ? inc(current, wanted as ReleaseType) : valid(wanted);
  const tag = `v${version}`;
  // its commit is there, and its tag is not
  const isMade = version === current && notesOf(changelog, current) !== undefined;
  const notes = notesOf(changelog, isMade ? current : 'Unreleased');
  const faults: string[] = [];
  if (!version) faults.push(`${wanted} is no version: 1.2.3, major, minor or patch`);
  else if (!isMade && !gt(version, current))
    faults.push(`${version} is not above ${current}, which is there`);
  if (!notes) faults.push('CHANGELOG.md says nothing under [Unreleased]: what does this version bring?');
  if (git('tag', '--list', tag)) faults.push(`the tag ${tag} is there`);
  if (git('status', '--porcelain')) faults.push('there are changes that are not committed: git status');
  if (git('branch', '--show-current') !== BRANCH) faults.push(`this is not the branch ${BRANCH}`);
  if (!version || faults.length > 0) throw new PlainError(`Nothing was released:\n- ${faults.join('\n- ')}`);
  if (dryRun) return `Would release ${version}:\n\n${notes}`;

  let made = 'HEAD';
  if (isMade) made = git('log', '-1', '--format=%H', `-S"version": "${version}"`, '--', 'package.json');
  else commit(folder, version, closeUnreleased(changelog, version, new Date().toISOString().slice(0, 10)));
  // not `strip`: headings of the notes begin like git's comments
  git('tag', '--annotate', '--cleanup=whitespace', '--message', `Suivi ${version}\n\n${notes}`, tag, made);
  return `Released ${version}:\n\n${notes}\n\nNothing was pushed. To publish it: git push origin ${BRANCH} ${tag}`;
}

/** Commits a version and its changelog; where the commit is refused, by a hook say, the files are as before. */
function commit(folder: string, version: string, changelog: string): void {
  const git = gitIn(folder);
  try {
    for (const name of ['package.json', 'package-lock.json']) {
      const file = join(folder, name);
      const json = readJson(file) as { version: string; packages?: Record<string, { version: string }> };
      json.version = version;
      if (json.packages) json.packages['']!.version = version;
      writeFileSync(file, `${JSON.stringify(json, null, 2)}\n`);
    }
    writeFileSync(join(folder, 'CHANGELOG.md'), changelog);
    git('commit', '--quiet', '--message', `release: ${version}`, '--', ...FILES);
  } catch (error) {
    git('checkout', 'HEAD', '--', ...FILES);
    throw error;
  }
}

function readJson(file: string): unknown {
  return JSON.parse(readFileSync(file, 'utf8'));
}

/** Runs git in a folder. Throws a PlainError that says what git says. */
const gitIn =
  (folder: string) =>
  (...args: string[]): string => {
    try {
      return execFileSync('git', args, { cwd: folder, encoding: 'utf8', stdio: 'pipe' }).trim();
    } catch (error) {
      throw new PlainError(`git ${args[0]}: ${(error as { stderr: string }).stderr.trim()}`);
    }
  };
