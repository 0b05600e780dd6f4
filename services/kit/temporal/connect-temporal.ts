import type { Client, Workflow, WorkflowClient } from '@temporalio/client';
import { FOLLOW_UPS_QUEUE } from '@crm/workflows/task-queues';
import { str } from 'envalid';
import type { ConfigOf } from '../process/config.ts';
import { currentWork } from '../rpc/work-context.ts';
import { failedPrecondition, unavailable } from '../rpc/errors.ts';

/** The settings of a process that uses Temporal. */
export const temporalSpec = {
  TEMPORAL_ADDRESS: str({ default: '127.0.0.1:7233', desc: 'The Temporal frontend, host:port' }),
  TEMPORAL_NAMESPACE: str({
    default: 'crm',
    desc: 'The Temporal namespace; the workers create it when missing',
  }),
};

/** The longest wait for a command's result without a deadline of the caller, in milliseconds. */
const COMMAND_MS = 8_000;
/** The part of the caller's deadline that is kept for the answer, in milliseconds. */
const MARGIN_MS = 500;

/** Sends commands to workflows. */
export type WorkflowCommands = {
  /**
   * Makes a workflow carry out a command, which is one of its updates.
   * @param to the id of a running workflow; or how to start it, as the workers do: if it is not running, the
   *   same request starts it
   * @param updateId a repeat of the command with the same id gets the first result
   * @throws {RpcError} FAILED_PRECONDITION with the workflow's reason (the type of its ApplicationFailure) if
   *   it refuses, or NOT_RUNNING; UNAVAILABLE if Temporal or its workers do not answer: the command may then
   *   still be carried out
   */
  update(
    to: string | FollowUpStart,
    name: string,
    args: [unknown, ...unknown[]],
    updateId?: string,
  ): Promise<void>;
  /**
   * Signals a workflow; there is no answer.
   * @throws {RpcError} FAILED_PRECONDITION NOT_RUNNING; UNAVAILABLE
   */
  signal(workflowId: string, name: string): Promise<void>;
};

/** How to start a follow-up. */
export type FollowUpStart = {
  workflowType: string;
  workflowId: string;
  args: [object];
  /** The event that usually starts it, and its ids, for the search attributes. */
  eventType: string;
  ids: { organisationId: string };
  summary: string;
};

/** The part of a process that a connection to Temporal needs. */
type Needs = { config: ConfigOf<typeof temporalSpec>; onStop(stop: () => unknown): void };

/** A connection to Temporal, made for the first command: a service starts and serves without Temporal. */
export function connectTemporal({ config, onStop }: Needs): WorkflowCommands {
  let connected: Promise<Client> | undefined;
  const connect = async (): Promise<Client> => {
    // loaded on first use: most processes never get a command
    const temporal = await import('@temporalio/client');
    const connection = temporal.Connection.lazy({ address: config.TEMPORAL_ADDRESS });
    onStop(() => connection.close());
    return new temporal.Client({ connection, namespace: config.TEMPORAL_NAMESPACE });
  };
  /** Carries out a command within the caller's deadline. */
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

/** By name, not by class: importing the classes would load Temporal's client into every process. */
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
