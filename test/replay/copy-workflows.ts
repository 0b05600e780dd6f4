import { replayBundle } from '@crm/tools/replay/replay-bundle';
import type { WorkflowBundlePath } from '@temporalio/worker';
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const WORKFLOWS = dirname(fileURLToPath(import.meta.resolve('@crm/workflows')));

/** The sources of the workflows, by file name. */
export type Sources = Record<string, string>;

/** As they are in the working tree. */
export const workflowSources = (): Sources =>
  Object.fromEntries(
    readdirSync(WORKFLOWS)
      .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
      .map((file) => [file, readFileSync(join(WORKFLOWS, file), 'utf8')]),
  );

/**
 * Bundles copies of the workflows for a replay. They are in files only for as long as that takes.
 * @param copies each in a folder of its own, by its name
 * @param index what exports the workflows, beside those folders
 */
export async function bundleCopies(
  copies: Record<string, Sources>,
  index: string,
): Promise<WorkflowBundlePath> {
  const hash = createHash('sha256')
    .update(JSON.stringify([copies, index]))
    .digest('hex')
    .slice(0, 16);
  // under the workflows, so that their imports are found
  const folder = join(WORKFLOWS, 'generated', `copies-${hash}`);
  try {
    for (const [name, sources] of Object.entries(copies)) {
      mkdirSync(join(folder, name), { recursive: true });
      for (const [file, text] of Object.entries(sources)) writeFileSync(join(folder, name, file), text);
    }
    writeFileSync(join(folder, 'index.ts'), index);
    return await replayBundle(join(folder, 'index.ts'));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
