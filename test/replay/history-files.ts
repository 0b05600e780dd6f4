import type { HistoryJson } from '@crm/tools/replay/history-json';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** `<workflow>/<case>`: a path that a workflow takes. */
export type Case = `${string}/${string}`;

/** The workflow type of a case is its folder. */
export const workflowOf = (name: Case): string => name.split('/')[0]!;

const FOLDER = fileURLToPath(new URL('./histories', import.meta.url));
const fileOf = (name: Case) => join(FOLDER, `${name}.json`);

/** The cases that have a history. */
export function listHistories(): Case[] {
  if (!existsSync(FOLDER)) return [];
  return readdirSync(FOLDER, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.json'))
    .map((path) => path.replaceAll('\\', '/').replace(/\.json$/, '') as Case)
    .sort();
}

export const hasHistory = (name: Case): boolean => existsSync(fileOf(name));

export const readHistory = (name: Case): HistoryJson =>
  JSON.parse(readFileSync(fileOf(name), 'utf8')) as HistoryJson;

export function writeHistory(name: Case, history: HistoryJson): void {
  mkdirSync(dirname(fileOf(name)), { recursive: true });
  writeFileSync(fileOf(name), `${JSON.stringify(history, null, 1)}\n`);
}
