import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

export interface ProcessRow {
  pid: number;
  parent: number;
  /** Resident memory in bytes. */
  rss: number;
  /** The executable's name without its folder (Linux cuts it to 15 characters). */
  command: string;
  /** Distinguishes a process from a later one with the same pid, even after a reboot. */
  startTime: string;
}

const PAGE = 4096;
const LINUX = process.platform === 'linux';

/** A running process; undefined if no process has that pid. A zombie counts as none. */
export function findProcess(pid: number): ProcessRow | undefined {
  return LINUX ? readProc(pid) : readPs(['-p', String(pid)])[0];
}

/** The given processes and their running descendants. */
export function processTree(roots: number[]): ProcessRow[] {
  const all = LINUX
    ? readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? (readProc(Number(name)) ?? []) : []))
    : readPs(['-A']);
  const wanted = new Set(roots);
  for (let before = 0; before !== wanted.size;) {
    before = wanted.size;
    for (const row of all) if (wanted.has(row.parent)) wanted.add(row.pid);
  }
  return all.filter((row) => wanted.has(row.pid));
}

/** proc_pid_stat(5): the name is in parentheses and may contain any character, so split at the last one. */
function readProc(pid: number): ProcessRow | undefined {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return undefined;
  }
  const end = stat.lastIndexOf(')');
  const fields = stat.slice(end + 2).split(' '); // fields[0] is field 3, the state
  if (fields[0] === 'Z' || fields[0] === 'X') return undefined;
  return {
    pid,
    parent: Number(fields[1]),
    rss: Number(fields[21]) * PAGE,
    command: stat.slice(stat.indexOf('(') + 1, end),
    startTime: `${bootId()}/${fields[19]}`,
  };
}

let cachedBootId: string | undefined;

/**
 * The start time (field 22) counts clock ticks since boot, so it is only meaningful together with the boot
 * id.
 */
function bootId(): string {
  return (cachedBootId ??= readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim());
}

/** ps(1) as macOS and the BSDs have it; `lstart` is five words: Sat Nov 22 17:10:03 2026. */
function readPs(selection: string[]): ProcessRow[] {
  let output: string;
  try {
    output = execFileSync('ps', [...selection, '-o', 'pid=,ppid=,rss=,stat=,lstart=,comm='], {
      encoding: 'utf8',
      env: { PATH: process.env.PATH, LC_ALL: 'C' },
      stdio: ['ignore', 'pipe', 'ignore'],
    });
  } catch {
    return []; // exit code 1: no such process
  }
  return output.split('\n').flatMap((line) => {
    const [pid, parent, kilobytes, state, ...rest] = line.trim().split(/\s+/);
    if (rest.length < 6 || state?.startsWith('Z')) return [];
    const command = rest.slice(5).join(' ').split('/').at(-1) ?? '';
    return {
      pid: Number(pid),
      parent: Number(parent),
      rss: Number(kilobytes) * 1024,
      command,
      startTime: rest.slice(0, 5).join(' '),
    };
  });
}
