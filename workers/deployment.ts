import type { WorkerDeploymentOptions } from '@temporalio/worker';
import { EVENTS_QUEUE } from '@crm/workflows/task-queues';

/** The name of the deployment: all builds of the workers together. */
export const DEPLOYMENT = 'suivi';

/**
 * How workers of several builds share a task queue. A run of an event takes seconds and stays on the build
 * that started it. A follow-up sleeps for weeks and continues on the current build, because its code changes
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
