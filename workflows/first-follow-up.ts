import {
  defineQuery,
  defineSignal,
  proxyActivities,
  setCurrentDetails,
  setHandler,
  sleep,
} from '@temporalio/workflow';

/** What a first follow-up starts with: instants and ids, snapshotted from the rule then in force. */
export type FirstFollowUpInput = {
  suiviId: string;
  clientId: string;
  organisationId: string;
  correlationId: string;
  /** When the task is due; ISO 8601, UTC. */
  datePrevue: string;
  /** When the account manager is reminded, if the task is still open. */
  dateRappel: string;
};

/** What the follow-up asks of the services. Each re-reads the truth before it acts and may be repeated. */
export type FirstFollowUpActivities = {
  /** Creates the task; answers why not, when there is nothing to follow up any more. */
  createFollowUpTask(input: FirstFollowUpInput): Promise<{ tacheId: string } | { ended: string }>;
  /** Reminds the account manager, if the task is still open; answers what was found. */
  remindOfFollowUpTask(input: FirstFollowUpInput & { tacheId: string }): Promise<{ ended: string }>;
  /** Records the end. */
  endFollowUp(input: FirstFollowUpInput & { motif: string }): Promise<void>;
};

/** The client was created; starts the follow-up, and changes nothing in one that runs. */
export const clientCreatedSignal = defineSignal('clientCreated');
/** What is planned, for people and tools that ask. */
export const plan = defineQuery<{ datePrevue: string; dateRappel: string; etape: string }>('plan');

const { createFollowUpTask, remindOfFollowUpTask, endFollowUp } = proxyActivities<FirstFollowUpActivities>({
  startToCloseTimeout: '30 seconds',
  // a service may be down for a weekend: a follow-up is late then, never lost
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '10 minutes' },
});

/**
 * The first follow-up of a client, `suivi/<clientId>`: after the delay a task for the account manager, and one
 * reminder if it is still open some days later.
 */
export async function firstFollowUp(input: FirstFollowUpInput): Promise<string> {
  let etape = `tâche prévue le ${input.datePrevue}`;
  const say = (next: string) => setCurrentDetails((etape = next));
  setHandler(clientCreatedSignal, () => {});
  setHandler(plan, () => ({ datePrevue: input.datePrevue, dateRappel: input.dateRappel, etape }));
  say(etape);
  await sleepUntil(input.datePrevue, 'tâche de premier suivi');
  const task = await createFollowUpTask(input);
  if ('ended' in task) return await end(task.ended);
  say(`tâche ${task.tacheId} créée, rappel prévu le ${input.dateRappel}`);
  await sleepUntil(input.dateRappel, 'rappel si la tâche est encore ouverte');
  const { ended } = await remindOfFollowUpTask({ ...input, tacheId: task.tacheId });
  return await end(ended);

  async function end(motif: string): Promise<string> {
    await endFollowUp({ ...input, motif });
    say(motif);
    return motif;
  }
}

/** Sleeps until an instant that an activity planned; one that has passed is no sleep. */
async function sleepUntil(instant: string, summary: string): Promise<void> {
  const ms = Date.parse(instant) - Date.now();
  if (ms > 0) await sleep(ms, { summary });
}
