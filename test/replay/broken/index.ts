import { proxyActivities, proxyLocalActivities, sleep } from '@temporalio/workflow';
import { clientCreated, firstFollowUp } from '@crm/workflows';
import type { FirstFollowUpActivities, FirstFollowUpInput } from '@crm/workflows/first-follow-up';

/**
 * Changes that would break running workflows, each under a name of its own: what the replay gate is there to see.
 */

type Handlers = Record<'countNewClient', (event: unknown) => Promise<unknown>>;
const local = proxyLocalActivities<Handlers>({ startToCloseTimeout: '5 seconds' });
const { createFollowUpTask } = proxyActivities<FirstFollowUpActivities>({
  startToCloseTimeout: '30 seconds',
});

/** One handler runs before the others. */
export async function clientCreatedOneHandlerFirst(event: unknown) {
  await local.countNewClient(event);
  return await clientCreated(event);
}

/** Waits before it begins. */
export async function clientCreatedAfterASecond(event: unknown) {
  await sleep('1 second');
  return await clientCreated(event);
}

/** Does not sleep until the task is due. */
export async function firstFollowUpWithoutTimer(input: FirstFollowUpInput) {
  return await firstFollowUp({ ...input, datePrevue: new Date(0).toISOString() });
}

/** Creates the task before it sleeps. */
export async function firstFollowUpTaskFirst(input: FirstFollowUpInput) {
  await createFollowUpTask(input);
  return await firstFollowUp(input);
}

/** Nothing is broken here: what turns the others red is not their being called by another name. */
export const clientCreatedUnchanged = clientCreated;
export const firstFollowUpUnchanged = firstFollowUp;
