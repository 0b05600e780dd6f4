import { eventIdOf } from '@crm/kit';
import type { CreateClientRequest } from '@crm/proto/clients/clients';
import { TacheServiceService } from '@crm/proto/activites/activites';
import {
  RegleRelanceServiceService,
  RegleSuiviServiceService,
  type CreateRegleRelanceRequest,
} from '@crm/proto/relance/relance';
import { redrive, skip } from '@crm/workflows/event-workflow';
import type { EventFields, EventType } from '@crm/workflows/events';
import { suiviWorkflowId } from '@crm/workflows/ids';
import { FailedHandlers } from '@crm/workflows/search-attributes';
import { ground } from '../support/ground.ts';
import { publishEvent } from '../support/publish-event.ts';
import type { OwnStack } from '../support/stack.ts';
import { unique } from '../support/unique.ts';
import { until } from '../support/until.ts';
import type { Case } from './history-files.ts';

/** The client of every story. Histories are scrubbed of these values, and searched for them. */
export const PERSON = {
  nom: 'Martinet',
  prenom: 'Camille',
  email: 'camille.martinet@example.org',
  telephone: '+33612345678',
};

/** The account to debit in stories with a mandate. */
export const DEBTOR = { iban: 'FR7630006000011234567890189', titulaire: 'Camille Martinet' };

/** Downloads the present history of a workflow. */
export type Keep = (name: Case, workflowId: string) => Promise<void>;

/** Something that happens on a platform, and the paths that workflows take in it. */
export type Story = { cases: Case[]; play: (stage: Stage, keep: Keep) => Promise<void> };

export type Stage = Awaited<ReturnType<typeof prepareStage>>;

/** A level of reminders without opening hours and without spacing. */
export const ALWAYS: Partial<CreateRegleRelanceRequest> = {
  ...{ ouverture: '00:00', fermeture: '00:00', tousLesJours: true },
  ...{ espacement: 'PT0S', modele: 'rappel' },
};

const WORD = { who: 'operateur-1', why: 'ce qui manquait existe à présent' };

/** What stories use. */
export async function prepareStage(stack: OwnStack) {
  const temporal = await stack.temporal();
  const { prepareClient, services, ...rest } = ground(stack);
  const reglesSuivi = stack.client('relance', RegleSuiviServiceService);
  const reglesRelance = stack.client('relance', RegleRelanceServiceService);
  const taches = stack.client('activites', TacheServiceService);
  /** How many events of a history have these attributes. */
  const count = async (workflowId: string, attributes: 'timerStarted' | 'activityTaskCompleted') => {
    const { events } = await temporal.workflow.getHandle(workflowId).fetchHistory();
    return (events ?? []).filter((event) => event[`${attributes}EventAttributes`]).length;
  };
  const countTimers = (workflowId: string) => count(workflowId, 'timerStarted');
  return {
    ...rest,
    ...{ stack, temporal, services, taches, regles: reglesRelance },
    /**
     * Creates a client, in an organisation with the given rule for follow-ups, or with the default of seven
     * days.
     */
    async createClient(
      { delai = '', delaiRappel = '', ...fields }: Partial<CreateClientRequest> & Rule = {},
      options?: { hasFinance?: boolean },
    ) {
      const organisationId = unique('org');
      if (delai) await reglesSuivi.create({ organisationId, delai, delaiRappel });
      const prepared = await prepareClient({ ...PERSON, ...fields, organisationId }, options);
      const { clientId } = prepared;
      return {
        ...prepared,
        eventId: eventIdOf('client.created', [clientId]),
        suiviId: suiviWorkflowId(clientId),
      };
    },
    /** Adds a level of reminders to an organisation. */
    addLevel: (organisationId: string, niveau: number, delai: string, more = ALWAYS) =>
      reglesRelance.create({ organisationId, niveau, delai, ...more }),
    /** Publishes an event although its publisher did not; returns its id. */
    publishEvent: async <T extends EventType>(eventType: T, fields: EventFields<T>) =>
      publishEvent(await stack.nats(), eventType, fields),
    /** Waits until these handlers of a workflow wait for an operator. */
    failed: (workflowId: string, ...handlers: string[]) =>
      until(`${workflowId} to fail at ${handlers.join(', ')}`, async () => {
        const { typedSearchAttributes } = await temporal.workflow.getHandle(workflowId).describe();
        const failed = typedSearchAttributes.get(FailedHandlers) ?? [];
        return handlers.every((name) => failed.includes(name));
      }),
    /** The operator's word. */
    redrive: (workflowId: string) => temporal.workflow.getHandle(workflowId).signal(redrive, WORD),
    skip: (workflowId: string) => temporal.workflow.getHandle(workflowId).signal(skip, WORD),
    /** Changes the id of a row, so that a service no longer finds it, or finds it again. */
    rename: (table: string, id: string, as: string) =>
      stack.sql(`UPDATE ${table} SET id = $2 WHERE id = $1`, id, as),
    /** Waits until the workflow sleeps for the `nth` time. */
    sleeps: (workflowId: string, nth: number) =>
      until(`timer ${nth} of ${workflowId}`, async () => (await countTimers(workflowId)) === nth),
    countTimers,
    /** Waits until so many of its activities have been carried out. */
    hasDone: (workflowId: string, nth: number) =>
      until(
        `activity ${nth} of ${workflowId}`,
        async () => (await count(workflowId, 'activityTaskCompleted')) === nth,
      ),
    /** Waits until the workflow rests and its details say what it waits for. */
    says: (workflowId: string, words: string) =>
      until(`${workflowId} to say "${words}"`, async () => {
        const handle = temporal.workflow.getHandle(workflowId);
        const metadata = await handle.query<{ currentDetails?: string }>('__temporal_workflow_metadata');
        if (metadata.currentDetails?.includes(words)) return true;
        throw new Error(`says "${metadata.currentDetails}"`);
      }),
    /** Waits until the server has tried an activity of the workflow again. */
    retries: (workflowId: string) =>
      until(`a retry in ${workflowId}`, async () => {
        const { raw } = await temporal.workflow.getHandle(workflowId).describe();
        return raw.pendingActivities?.some(({ attempt }) => (attempt ?? 0) > 1);
      }),
  };
}

type Rule = { delai?: string; delaiRappel?: string };
