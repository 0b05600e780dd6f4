import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { WorkflowBundlePath } from '@temporalio/worker';

const WORKFLOWS = dirname(fileURLToPath(import.meta.resolve('@crm/workflows')));
const PROTO = fileURLToPath(import.meta.resolve('@crm/proto/descriptor'));
const BUNDLER = fileURLToPath(new URL('./bundle-workflows.ts', import.meta.url));
const require = createRequire(import.meta.url);

/**
 * The bundled workflow code for the worker's sandbox. Bundling takes some seconds, so the result is cached
 * under the hash of its sources.
 * @param interceptors modules with interceptors, in addition to those of every bundle
 */
export async function workflowBundle(
  workflowsPath = join(WORKFLOWS, 'index.ts'),
  interceptors: string[] = [],
): Promise<WorkflowBundlePath> {
  const codePath = join(WORKFLOWS, 'generated', `${fingerprint(workflowsPath, interceptors)}.cjs`);
  if (!existsSync(codePath)) await bundleInChild(workflowsPath, codePath, interceptors);
  return { codePath };
}

/** A hash over the workflow code, its messages, how they are bundled, and the version of the SDK. */
function fingerprint(workflowsPath: string, interceptors: string[]): string {
  const hash = createHash('sha256').update(readFileSync(PROTO)).update(workflowsPath);
  for (const path of [BUNDLER, ...interceptors]) hash.update(readFileSync(path));
  hash.update(readFileSync(require.resolve('@temporalio/workflow/package.json')));
  for (const folder of new Set([WORKFLOWS, dirname(workflowsPath)])) {
    for (const file of readdirSync(folder)
      .filter((name) => name.endsWith('.ts'))
      .sort()) {
      hash.update(file).update(readFileSync(join(folder, file)));
    }
  }
  return hash.digest('hex').slice(0, 16);
}

/** Bundling takes some 200 MB, which a child process gives back when it ends. */
async function bundleInChild(workflowsPath: string, codePath: string, interceptors: string[]): Promise<void> {
  const args = ['--import', 'tsx', BUNDLER, workflowsPath, codePath, ...interceptors];
  await promisify(execFile)(process.execPath, args);
}
