import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { bundleWorkflowCode } from '@temporalio/worker';

/** Bundles the workflows of a file into another: `node --import tsx workers/bundle-workflows.ts FROM TO`. */
const [workflowsPath, codePath] = process.argv.slice(2) as [string, string];
const require = createRequire(import.meta.url);
const silent = () => {};

const { code } = await bundleWorkflowCode({
  workflowsPath,
  workflowInterceptorModules: [
    require.resolve('@temporalio/interceptors-opentelemetry/lib/workflow-interceptors'),
  ],
  logger: { log: silent, trace: silent, debug: silent, info: silent, warn: silent, error: console.error },
});
mkdirSync(dirname(codePath), { recursive: true });
const unfinished = `${codePath}.${process.pid}`;
writeFileSync(unfinished, code);
renameSync(unfinished, codePath); // whole or not at all: another process may be doing the same
