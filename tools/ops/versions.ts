import { DEPLOYMENT } from '@crm/workers/deployment';
import type { Client } from '@temporalio/client';
import proto from '@temporalio/proto';
import { Command } from 'commander';
import { PlainError } from '../plain-error.ts';
import { withTemporal } from './connections.ts';
import { counted } from './words.ts';

const { VersionDrainageStatus } = proto.temporal.api.enums.v1; // CommonJS: only the default export has it
/** The server's status if there is no such version. */
const NOT_FOUND = 5;
/** The server's status if a version cannot become current, because no worker polls for it. */
const FAILED_PRECONDITION = 9;

/** Builds of the workers that run side by side: `TEMPORAL_WORKER_BUILD_ID`. */
export const versions = new Command('versions').description(
  'builds of the workers (TEMPORAL_WORKER_BUILD_ID), and which one takes what is new',
);

versions
  .command('list')
  .description('which is current, and which still have runs of events to end')
  .action(() =>
    withTemporal(async (client) => {
      const { current, builds } = await describeVersions(client);
      for (const { buildId, state } of builds) {
        console.log(`${buildId}  ${buildId === current ? 'current' : state}`);
      }
      console.log(counted(builds.length, 'build'));
    }),
  );

versions
  .command('current <buildId>')
  .description('has this build take what is new, and go on with follow-ups; its workers must be running')
  .action((buildId: string) =>
    withTemporal(async (client) => {
      await setCurrentVersion(client, buildId);
      console.log(`${buildId}  current`);
    }),
  );

versions
  .command('none')
  .description('has workers without a TEMPORAL_WORKER_BUILD_ID take what is new')
  .action(() =>
    withTemporal(async (client) => {
      await setCurrentVersion(client, '');
      console.log('workers without a TEMPORAL_WORKER_BUILD_ID are current');
    }),
  );

/**
 * Sets the build that takes new events and the next steps of follow-ups. Empty: workers without a build id.
 */
export async function setCurrentVersion(client: Client, buildId: string): Promise<void> {
  const { namespace } = client.options;
  const request = { namespace, deploymentName: DEPLOYMENT, buildId, identity: client.options.identity };
  await client.workflowService.setWorkerDeploymentCurrentVersion(request).catch((error: unknown) => {
    const { code, details } = error as { code?: number; details?: string };
    if (code !== NOT_FOUND && code !== FAILED_PRECONDITION) throw error;
    throw new PlainError(`${buildId || 'none'} cannot become current: ${details}. Do its workers run?`);
  });
}

type Versions = { current: string; builds: { buildId: string; state: string }[] };

export async function describeVersions(client: Client): Promise<Versions> {
  const { namespace } = client.options;
  const described = await client.workflowService
    .describeWorkerDeployment({ namespace, deploymentName: DEPLOYMENT })
    .catch((error: { code?: number }) => {
      if (error.code === NOT_FOUND) return undefined;
      throw error;
    });
  const { routingConfig, versionSummaries } = described?.workerDeploymentInfo ?? {};
  return {
    current: routingConfig?.currentDeploymentVersion?.buildId ?? '',
    builds: (versionSummaries ?? []).map(({ deploymentVersion, drainageInfo }) => ({
      buildId: deploymentVersion?.buildId ?? '',
      state: WORDS[drainageInfo?.status ?? 0] ?? 'not current yet',
    })),
  };
}

const WORDS: Record<number, string> = {
  [VersionDrainageStatus.VERSION_DRAINAGE_STATUS_DRAINING]: 'has runs of events to end: keep its workers',
  [VersionDrainageStatus.VERSION_DRAINAGE_STATUS_DRAINED]: 'has ended all: its workers may go',
};
