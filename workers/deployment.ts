import type { WorkerDeploymentOptions } from '@temporalio/worker';
import { EVENTS_QUEUE } from '@crm/workflows/task-queues';

/** What Temporal calls the workers of all builds together. */
export const DEPLOYMENT = 'suivi';

/**
 * How the workers of a build share a task queue with those of another. A run of an event takes seconds and ends on the
 * build that began it; a follow-up sleeps for weeks and goes on with whichever build is current: its code changes
 * under `patched`. Without a build id there are no versions, and any worker takes any task.
 */
export function deploymentOptions(
  taskQueue: string,
  buildId: string | undefined,
): { workerDeploymentOptions?: WorkerDeploymentOptions } {
  if (!buildId) return {};
  return {
    workerDeploymentOptions: {
      version: { deploymentName: DEPLOYMENT, buildId },
      useWorkerVersioning: true,
      defaultVersioningBehavior: taskQueue === EVENTS_QUEUE ? 'PINNED' : 'AUTO_UPGRADE',
    },
  };
}
