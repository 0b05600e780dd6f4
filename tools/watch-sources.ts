import { existsSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { migrate } from '@crm/db/migrate';
import { workflowBundle } from '@crm/workers/workflow-bundle';
import { parseFile } from '@swc/core';
import { watch } from 'chokidar';
import { buildPages } from './build-pages.ts';
import { consequenceOf, isIgnored, WATCHED, type CodeProcess } from './changed-sources.ts';
import { ROOT } from './data-folder.ts';
import { generate } from './generate.ts';
import { TITLES } from './parts.ts';
import { PlainError } from './plain-error.ts';
import type { Platform } from './platform.ts';
import { seconds } from './progress-display.ts';

/** Collects changes for this long: editors, formatters and git write several files at once. */
const TOGETHER_MS = 100;
/** A process that has not drained by then is killed; its work is done again by the next one. */
const GRACE_MS = 1_000;
const LINES_SHOWN = 8;

/**
 * Restarts processes when their sources change, after generating what depends on these. If generating fails,
 * or a source does not parse, that is reported and the processes continue unchanged. A process that does not
 * start is reported and waits for the next change.
 * @param say gets one or several lines
 */
export async function watchSources(platform: Platform, say: (text: string) => void): Promise<void> {
  /** Changes that are not applied yet: new ones, and those that failed. */
  const pending = new Set<string>();
  const restarts = new Map<CodeProcess, symbol>();
  let news = false;
  let working: Promise<void> | undefined;

  async function takeOverChanges(): Promise<void> {
    while (news) {
      await delay(TOGETHER_MS);
      news = false;
      const since = performance.now();
      const paths = [...pending];
      pending.clear();
      const consequence = consequenceOf(paths);
      try {
        await parse(paths);
        if (consequence.generate) await generate();
        if (consequence.migrate) await migrate(platform.env.DATABASE_URL!);
        if (consequence.bundle) await workflowBundle();
        if (consequence.pages) await buildPages();
        // not awaited: a process that does not start must not delay the change that repairs it
        for (const name of consequence.restart) void restart(name, paths, since);
      } catch (error) {
        for (const path of paths) pending.add(path);
        say(`${saidBy(error)}\nEverything runs on as it was. The next save is tried again.`);
      }
    }
  }

  async function restart(name: CodeProcess, paths: string[], since: number): Promise<void> {
    const mine = Symbol(name);
    restarts.set(name, mine);
    const isLatest = () => restarts.get(name) === mine;
    try {
      await platform.stop(name, GRACE_MS);
      if (!isLatest()) return;
      await platform.start(name);
      if (isLatest()) say(`${shown(paths)} · ${TITLES[name]} again in ${seconds(performance.now() - since)}`);
    } catch (error) {
      if (isLatest()) say(`${shown(paths)} · ${saidBy(error)}\nThe next save is tried again.`);
    }
  }

  const watcher = watch(WATCHED, {
    cwd: ROOT,
    ignoreInitial: true,
    ignored: (path) => isIgnored(relative(ROOT, resolve(ROOT, path))),
  });
  watcher.on('all', (_, path) => {
    pending.add(path);
    news = true;
    working ??= takeOverChanges().finally(() => (working = undefined));
  });
  await new Promise<void>((isReady) => watcher.once('ready', isReady));
}

/** Parses first: otherwise a process would be stopped for code that cannot run. */
async function parse(paths: string[]): Promise<void> {
  for (const path of paths) {
    if (!/\.tsx?$/.test(path) || !existsSync(join(ROOT, path))) continue;
    const tsx = path.endsWith('x');
    await parseFile(join(ROOT, path), { syntax: 'typescript', tsx }).catch((error: Error) => {
      throw new PlainError(`${path}\n${error.message.split(/\n\s*Caused by/)[0]!.trimEnd()}`);
    });
  }
}

/**
 * The useful part of an error: for a program that was run (buf, Prisma, webpack), the lines that say what is
 * wrong.
 */
function saidBy(error: unknown): string {
  const { stdout = '', stderr = '', message } = error as Error & { stdout?: string; stderr?: string };
  const lines = (stdout + stderr).trim().split('\n');
  const first = Math.max(
    0,
    lines.findIndex((line) => /error/i.test(line)),
  );
  return lines.slice(first, first + LINES_SHOWN).join('\n') || message;
}

/** `services/relance/due-at.ts and 3 more` */
function shown([first, ...others]: string[]): string {
  return others.length > 0 ? `${first} and ${others.length} more` : String(first);
}
