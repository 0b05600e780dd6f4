import { workflowBundle } from '@crm/workers/workflow-bundle';
import type { WorkflowBundlePath } from '@temporalio/worker';
import { fileURLToPath } from 'node:url';

const RECORDER = fileURLToPath(new URL('./record-commands.ts', import.meta.url));

/** Workflow code as it is replayed: the working tree's, or that of another folder's `index.ts`. */
export const replayBundle = (workflowsPath?: string): Promise<WorkflowBundlePath> =>
  workflowBundle(workflowsPath, [RECORDER]);
