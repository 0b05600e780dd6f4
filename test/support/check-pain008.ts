import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const SEPAXML = 'sepaxml==2.7.0';
const PIP_MS = 60_000;

/**
 * The faults of a pain.008.001.08 file according to its published schema; '' if there are none. If pip cannot
 * install the package with the schema, the check is skipped with a message.
 */
export async function faultsOfPain008(content: Uint8Array): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'suivi-pain008-'));
  try {
    const schemas = await installed();
    if (!schemas) return '';
    const file = join(folder, 'pain008.xml');
    writeFileSync(file, content);
    const script = new URL('./check-pain008.py', import.meta.url).pathname;
    return await run('python3', [script, schemas, file]).then(
      () => '',
      (error: { stdout?: string; message: string }) => error.stdout || error.message,
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Where the package is, kept from one run to the next. */
async function installed(): Promise<string | undefined> {
  const folder = join(tmpdir(), `suivi-${SEPAXML.replace('==', '-')}`);
  if (existsSync(folder)) return folder;
  const unfinished = mkdtempSync(`${folder}-`);
  try {
    const pip = [
      '-m',
      'pip',
      'install',
      '--quiet',
      '--only-binary',
      ':all:',
      '--target',
      unfinished,
      SEPAXML,
    ];
    await run('python3', pip, { timeout: PIP_MS });
    if (!existsSync(folder)) renameSync(unfinished, folder);
    return folder;
  } catch (error) {
    const [why] = (error as Error).message.trim().split('\n').slice(-1);
    process.stderr.write(`skipped: the schema of pain.008 could not be had by pip (${SEPAXML}): ${why}\n`);
    return undefined;
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
}
