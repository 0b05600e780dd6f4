import { defineQuery, defineSignal, patched, proxyActivities, setHandler, sleep } from '@temporalio/workflow';
import { OperatorsInbox } from './operators-inbox.ts';
import { summary } from './summary.ts';
import { cutMotif } from './motif.ts';

/** The input of a first follow-up: ids, and instants computed from the rule in force at the start. */
export type FirstFollowUpInput = {
  suiviId: string;
  clientId: string;
  organisationId: string;
  correlationId: string;
  /** When the task is due; ISO 8601, UTC. */
  datePrevue: string;
  /** When the account manager is reminded, if the task is still open; ISO 8601, UTC. */
  dateRappel: string;
  /** Both instants for people, "le 1er juin 2026 à 09:00". Absent in old runs. */
  enMots?: { datePrevue: string; dateRappel: string };
};

/** A client, read once, so that every attempt sends the same request. */
export type ClientRead = { gestionnaireId: string; prenom: string; nom: string; raisonSociale?: string };
/** The follow-up has ended, and why. */
export type Ended = { ended: string };

/**
 * The activities. Each reads the current state before it acts, and may be repeated. Old runs have no
 * `readClient` and pass no client; the activity then reads it.
 */
export type FirstFollowUpActivities = {
  /** Reads the client for the next activity. */
  readClient(input: FirstFollowUpInput): Promise<ClientRead | Ended>;
  /** Creates the task, or returns why the follow-up ends. */
  createFollowUpTask(
    input: FirstFollowUpInput & { client?: ClientRead | undefined },
  ): Promise<{ tacheId: string } | Ended>;
  /** Reminds the account manager if the task is still open. Returns what it found. */
  remindOfFollowUpTask(
    input: FirstFollowUpInput & { tacheId: string; client?: ClientRead | Ended | undefined },
  ): Promise<Ended>;
  /** Records the end. */
  endFollowUp(input: FirstFollowUpInput & { motif: string }): Promise<void>;
};

/** The client was created: starts the follow-up. No effect on a running one. */
export const clientCreatedSignal = defineSignal('clientCreated');
/** Returns the plan, for people and tools. */
export const plan = defineQuery<{ datePrevue: string; dateRappel: string; etape: string }>('plan');

const doing = (what: string) =>
  proxyActivities<FirstFollowUpActivities>({
    startToCloseTimeout: '30 seconds',
    // a service may be down for a weekend: the follow-up is then late, but never lost
    retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '10 minutes' },
    summary: summary(what),
  });
const activities: FirstFollowUpActivities = {
  readClient: (input) => doing('lit le client').readClient(input),
  createFollowUpTask: (input) => doing('crée la tâche de premier suivi').createFollowUpTask(input),
  remindOfFollowUpTask: (input) => doing('rappelle la tâche au gestionnaire').remindOfFollowUpTask(input),
  endFollowUp: (input) => doing(`note la fin: ${input.motif}`).endFollowUp(input),
};

/** The handler's name among the failed ones: the one that starts the follow-up. */
const HANDLER = 'relance';

/**
 * The first follow-up of a client, `suivi/<clientId>`: after the delay a task for the account manager, and a
 * reminder if it is still open some days later. A step that is refused keeps the run open and waits for
 * `redrive` or `skip`; `skip` ends the follow-up.
 */
export async function firstFollowUp(input: FirstFollowUpInput): Promise<string> {
  const { datePrevue, dateRappel } = input.enMots ?? {
    datePrevue: `le ${input.datePrevue}`,
    dateRappel: `le ${input.dateRappel}`,
  };
  const { organisationId, clientId, correlationId } = input;
  const follows = { organisationId, clientId, correlationId, reference: clientId, quoi: 'le premier suivi' };
  const inbox = new OperatorsInbox('firstFollowUp', follows);
  setHandler(clientCreatedSignal, () => {});
  setHandler(plan, () => ({ datePrevue: input.datePrevue, dateRappel: input.dateRappel, etape: inbox.step }));
  inbox.isAt(`Tâche de premier suivi du client ${input.clientId}, prévue ${datePrevue}`);
  await sleepUntil(input.datePrevue, `tâche de premier suivi, ${datePrevue}`);
  const readsOnce = patched('client-read-once');
  const client = readsOnce ? await step(() => activities.readClient(input)) : undefined;
  if (client && 'ended' in client) return await end(client.ended);
  const task = await step(() => activities.createFollowUpTask({ ...input, client }));
  if ('ended' in task) return await end(task.ended);
  const { tacheId } = task;
  inbox.isAt(`Tâche ${tacheId} créée; rappel prévu ${dateRappel}, si elle est encore ouverte`);
  await sleepUntil(input.dateRappel, `rappel si la tâche est encore ouverte, ${dateRappel}`);
  const now = readsOnce ? await step(() => activities.readClient(input)) : undefined;
  const { ended } = await step(() => activities.remindOfFollowUpTask({ ...input, tacheId, client: now }));
  return await end(ended);

  /** Runs a step. Skipping it ends the follow-up. */
  async function step<T>(attempt: () => Promise<T>): Promise<T | Ended> {
    const settled = await inbox.settle(HANDLER, attempt);
    if (settled === 'failed') throw inbox.failure()!;
    return 'answer' in settled ? settled.answer : { ended: settled.skipped };
  }

  /** If recording the end is skipped, it is not recorded. */
  async function end(motif: string): Promise<string> {
    await step(() => activities.endFollowUp({ ...input, motif: cutMotif(motif) }));
    inbox.isAt(`Premier suivi du client ${input.clientId} terminé: ${motif}`);
    return motif;
  }
}

/** Sleeps until an instant from an activity; not at all if it has passed. */
async function sleepUntil(instant: string, summary: string): Promise<void> {
  const ms = Date.parse(instant) - Date.now();
  if (ms > 0) await sleep(ms, { summary });
}
