import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode } from '@temporalio/worker';

/**
 * Bundles the workflows of a file into one file: `node --import tsx workers/bundle-workflows.ts FROM TO
 * [INTERCEPTORS …]`.
 */
const [workflowsPath, codePath, ...interceptors] = process.argv.slice(2) as [string, string, ...string[]];
const silent = () => {};

const { code } = await bundleWorkflowCode({
  workflowsPath,
  workflowInterceptorModules: [
    fileURLToPath(import.meta.resolve('@crm/workflows/trace-headers')),
    ...interceptors,
  ],
  preloadModules: ['client', 'contract', 'invoice', 'payment'].map(
    (name) => `@crm/proto/events/${name}_events`,
  ),
  logger: { log: silent, trace: silent, debug: silent, info: silent, warn: silent, error: console.error },
});
mkdirSync(dirname(codePath), { recursive: true });
const unfinished = `${codePath}.${process.pid}`;
writeFileSync(unfinished, code);
renameSync(unfinished, codePath); // renamed when complete: another process may be doing the same
