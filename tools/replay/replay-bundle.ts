import { workflowBundle } from '@crm/workers/workflow-bundle';
import type { WorkflowBundlePath } from '@temporalio/worker';
import { fileURLToPath } from 'node:url';

const RECORDER = fileURLToPath(new URL('./record-commands.ts', import.meta.url));

/** The workflow code for replays: that of the working tree, or of another folder's `index.ts`. */
export const replayBundle = (workflowsPath?: string): Promise<WorkflowBundlePath> =>
  workflowBundle(workflowsPath, [RECORDER]);
