import type { Client, Workflow, WorkflowClient } from '@temporalio/client';
import { FOLLOW_UPS_QUEUE } from '@crm/workflows/task-queues';
import { str } from 'envalid';
import type { ConfigOf } from '../process/config.ts';
import { currentWork } from '../rpc/work-context.ts';
import { failedPrecondition, unavailable } from '../rpc/errors.ts';

/** What is told to a process that speaks with Temporal. */
export const temporalSpec = {
  TEMPORAL_ADDRESS: str({ default: '127.0.0.1:7233', desc: 'The Temporal frontend, host:port' }),
  TEMPORAL_NAMESPACE: str({
    default: 'crm',
    desc: 'The Temporal namespace; the workers create it when missing',
  }),
};

/** Without a deadline of the caller's, a command waits this long for its workflow, in milliseconds. */
const COMMAND_MS = 8_000;
/** What is left of the caller's deadline to answer in, in milliseconds. */
const MARGIN_MS = 500;

/** Commands to workflows. */
export type WorkflowCommands = {
  /**
   * Has a workflow carry out a command, one of its updates.
   * @param to the id of one that runs; or how it is started, as the workers start it: one that does not run is, in the
   * same request
   * @param updateId makes a repeat of the command answer the first result
   * @throws {RpcError} FAILED_PRECONDITION with the workflow's reason where it refuses (the type of its
   * ApplicationFailure), or with NOT_RUNNING where there is none that runs; UNAVAILABLE where Temporal or its
   * workers do not answer: the command may then still be carried out later
   */
  update(
    to: string | FollowUpStart,
    name: string,
    args: [unknown, ...unknown[]],
    updateId?: string,
  ): Promise<void>;
  /**
   * Tells a workflow something that has no answer.
   * @throws {RpcError} FAILED_PRECONDITION NOT_RUNNING; UNAVAILABLE
   */
  signal(workflowId: string, name: string): Promise<void>;
};

/** A follow-up as it is started. */
export type FollowUpStart = {
  workflowType: string;
  workflowId: string;
  args: [object];
  /** The event that usually starts it, and its ids: for the search attributes. */
  eventType: string;
  ids: { organisationId: string };
  summary: string;
};

/** What of a process a connection to Temporal needs. */
type Needs = { config: ConfigOf<typeof temporalSpec>; onStop(stop: () => unknown): void };

/** A connection to Temporal, made when the first command needs it: a service starts and serves without. */
export function connectTemporal({ config, onStop }: Needs): WorkflowCommands {
  let connected: Promise<Client> | undefined;
  const connect = async (): Promise<Client> => {
    // loaded when first used: most processes never are told a command
    const temporal = await import('@temporalio/client');
    const connection = temporal.Connection.lazy({ address: config.TEMPORAL_ADDRESS });
    onStop(() => connection.close());
    return new temporal.Client({ connection, namespace: config.TEMPORAL_NAMESPACE });
  };
  /** Has a command carried out within the caller's deadline. */
  const command = async (workflowId: string, execute: (client: WorkflowClient) => Promise<void>) => {
    const client = await (connected ??= connect());
    const deadline = (currentWork()?.deadline?.getTime() ?? Date.now() + COMMAND_MS + MARGIN_MS) - MARGIN_MS;
    try {
      await client.connection.withDeadline(deadline, () => execute(client.workflow));
    } catch (error) {
      throw explain(error as Error & { cause?: { type?: string; message?: string } }, workflowId);
    }
  };
  return {
    async update(to, name, args, updateId) {
      const told = { args, ...(updateId && { updateId }) };
      if (typeof to === 'string') {
        return await command(to, (workflow) => workflow.getHandle(to).executeUpdate(name, told));
      }
      const startWorkflowOperation = await startOperation(to);
      await command(to.workflowId, (workflow) =>
        workflow.executeUpdateWithStart(name, { ...told, startWorkflowOperation }),
      );
    },
    signal: (workflowId, name) =>
      command(workflowId, (workflow) => workflow.getHandle(workflowId).signal(name)),
  };
}

async function startOperation({ workflowType, args, eventType, ids, summary, workflowId }: FollowUpStart) {
  const { WithStartWorkflowOperation } = await import('@temporalio/client');
  const { searchAttributes } = await import('@crm/workflows/search-attributes');
  return new WithStartWorkflowOperation<Workflow>(workflowType, {
    workflowId,
    args,
    taskQueue: FOLLOW_UPS_QUEUE,
    priority: { fairnessKey: ids.organisationId },
    workflowIdReusePolicy: 'ALLOW_DUPLICATE',
    workflowIdConflictPolicy: 'USE_EXISTING',
    typedSearchAttributes: searchAttributes(eventType, ids),
    staticSummary: summary,
  });
}

/** By name, not by class: the classes would load Temporal's client into every process. */
function explain(error: Error & { cause?: { type?: string; message?: string } }, workflowId: string): Error {
  switch (error.name) {
    case 'WorkflowUpdateFailedError':
      return failedPrecondition(error.cause?.type ?? 'REFUSED', error.cause?.message ?? 'refused');
    case 'WorkflowNotFoundError':
      return failedPrecondition('NOT_RUNNING', `${workflowId} is not running`);
    case 'WorkflowUpdateRPCTimeoutOrCancelledError':
    case 'ServiceError':
    case 'NamespaceNotFoundError':
      return unavailable(
        'TEMPORAL',
        'Temporal or its workers do not answer; the command may still be carried out',
      );
    default:
      return error;
  }
}
