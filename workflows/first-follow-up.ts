import { defineQuery, defineSignal, patched, proxyActivities, setHandler, sleep } from '@temporalio/workflow';
import { OperatorsInbox } from './operators-inbox.ts';
import { summary } from './summary.ts';

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
  /** Both as people read them, "le 1er juin 2026 à 09:00"; runs from before there were words have none. */
  enMots?: { datePrevue: string; dateRappel: string };
};

/** A client as it was read once; what is created from it is the same at every attempt. */
export type ClientRead = { gestionnaireId: string; prenom: string; nom: string; raisonSociale?: string };
/** There is nothing to follow up any more, and why. */
export type Ended = { ended: string };

/**
 * What the follow-up asks of the services. Each re-reads the truth before it acts and may be repeated. Runs from
 * before there was `readClient` give no client; it is read in the activity then.
 */
export type FirstFollowUpActivities = {
  /** Reads the client, for the activity that follows. */
  readClient(input: FirstFollowUpInput): Promise<ClientRead | Ended>;
  /** Creates the task; answers why not, when there is nothing to follow up any more. */
  createFollowUpTask(
    input: FirstFollowUpInput & { client?: ClientRead | undefined },
  ): Promise<{ tacheId: string } | Ended>;
  /** Reminds the account manager, if the task is still open; answers what was found. */
  remindOfFollowUpTask(
    input: FirstFollowUpInput & { tacheId: string; client?: ClientRead | Ended | undefined },
  ): Promise<Ended>;
  /** Records the end. */
  endFollowUp(input: FirstFollowUpInput & { motif: string }): Promise<void>;
};

/** The client was created; starts the follow-up, and changes nothing in one that runs. */
export const clientCreatedSignal = defineSignal('clientCreated');
/** What is planned, for people and tools that ask. */
export const plan = defineQuery<{ datePrevue: string; dateRappel: string; etape: string }>('plan');

const doing = (what: string) =>
  proxyActivities<FirstFollowUpActivities>({
    startToCloseTimeout: '30 seconds',
    // a service may be down for a weekend: a follow-up is late then, never lost
    retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '10 minutes' },
    summary: summary(what),
  });
const activities: FirstFollowUpActivities = {
  readClient: (input) => doing('lit le client').readClient(input),
  createFollowUpTask: (input) => doing('crée la tâche de premier suivi').createFollowUpTask(input),
  remindOfFollowUpTask: (input) => doing('rappelle la tâche au gestionnaire').remindOfFollowUpTask(input),
  endFollowUp: (input) => doing(`note la fin: ${input.motif}`).endFollowUp(input),
};

/** What a follow-up is called among failed handlers: the handler that starts it. */
const HANDLER = 'relance';
/** Of a recorded reason, in characters. */
const LONGEST_MOTIF = 500;

/**
 * The first follow-up of a client, `suivi/<clientId>`: after the delay a task for the account manager, and one
 * reminder if it is still open some days later. A step that is refused waits, with the run open, for `redrive` or
 * `skip`; the latter ends the follow-up.
 */
export async function firstFollowUp(input: FirstFollowUpInput): Promise<string> {
  const { datePrevue, dateRappel } = input.enMots ?? {
    datePrevue: `le ${input.datePrevue}`,
    dateRappel: `le ${input.dateRappel}`,
  };
  const inbox = new OperatorsInbox('firstFollowUp');
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

  /** What is skipped has ended the follow-up. */
  async function step<T>(attempt: () => Promise<T>): Promise<T | Ended> {
    const settled = await inbox.settle(HANDLER, attempt);
    if (settled === 'failed') throw inbox.failure()!;
    return 'answer' in settled ? settled.answer : { ended: settled.skipped };
  }

  /** An end that is skipped is not recorded. */
  async function end(motif: string): Promise<string> {
    const recorded = [...motif].slice(0, LONGEST_MOTIF).join('');
    await step(() => activities.endFollowUp({ ...input, motif: recorded }));
    inbox.isAt(`Premier suivi du client ${input.clientId} terminé: ${motif}`);
    return motif;
  }
}

/** Sleeps until an instant that an activity planned; one that has passed is no sleep. */
async function sleepUntil(instant: string, summary: string): Promise<void> {
  const ms = Date.parse(instant) - Date.now();
  if (ms > 0) await sleep(ms, { summary });
}
