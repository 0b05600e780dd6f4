import { status } from '@grpc/grpc-js';
import type { Client, Workflow, WorkflowClient } from '@temporalio/client';
import type { FollowUpStart } from '@crm/workflows/follow-up-starts';
import { str } from 'envalid';
import type { ConfigOf } from '../process/config.ts';
import { currentWork } from '../rpc/work-context.ts';
import { failedPrecondition, otherVersion, unavailable } from '../rpc/errors.ts';

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

/** A follow-up that a command is for. */
export type FollowUp = {
  workflowId: string;
  /**
   * How to start it, if nothing runs under this id although its row says so: Temporal was lost, or somebody
   * terminated the run. Undefined: nothing is to run.
   */
  revive: () => Promise<FollowUpStart | undefined>;
};

/** Sends commands to workflows. */
export type WorkflowCommands = {
  /**
   * Makes a follow-up carry out a command, which is one of its updates. One that should run and does not is
   * started by the same request as its command (update-with-start).
   * @param updateId a repeat of the command with the same id gets the first result
   * @throws {RpcError} FAILED_PRECONDITION with the workflow's reason (the type of its ApplicationFailure) if
   *   it refuses, or NOT_RUNNING; ABORTED VERSION if what the command was for has changed since; UNAVAILABLE
   *   if Temporal or its workers do not answer: the command may then still be carried out; the errors of `revive`
   */
  update(to: FollowUp, name: string, args: [unknown, ...unknown[]], updateId?: string): Promise<void>;
  /**
   * Signals a workflow; there is no answer.
   * @throws {RpcError} FAILED_PRECONDITION NOT_RUNNING; UNAVAILABLE
   */
  signal(workflowId: string, name: string): Promise<void>;
  /**
   * Starts a follow-up, unless it runs or has run before.
   * @returns whether it was started now
   * @throws {RpcError} UNAVAILABLE
   */
  start(start: FollowUpStart): Promise<boolean>;
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
    update({ workflowId, revive }, name, args, updateId) {
      const told = { args, ...(updateId && { updateId }) };
      return command(workflowId, async (workflow) => {
        try {
          await workflow.getHandle(workflowId).executeUpdate(name, told);
        } catch (error) {
          const start = isNotRunning(error) ? await revive() : undefined;
          if (!start) throw error;
          const startWorkflowOperation = await startOperation(start);
          await workflow.executeUpdateWithStart(name, { ...told, startWorkflowOperation });
        }
      });
    },
    signal: (workflowId, name) =>
      command(workflowId, (workflow) => workflow.getHandle(workflowId).signal(name)),
    async start(start) {
      const { startOptions } = await import('@crm/workflows/start-options');
      let isNew = true;
      await command(start.workflowId, async (workflow) => {
        try {
          const options = { ...startOptions(start), workflowIdReusePolicy: 'REJECT_DUPLICATE' as const };
          await workflow.start(start.workflowType, options);
        } catch (error) {
          if ((error as Error).name !== 'WorkflowExecutionAlreadyStartedError') throw error;
          isNew = false;
        }
      });
      return isNew;
    },
  };
}

async function startOperation(start: FollowUpStart) {
  const { WithStartWorkflowOperation } = await import('@temporalio/client');
  const { startOptions } = await import('@crm/workflows/start-options');
  return new WithStartWorkflowOperation<Workflow>(start.workflowType, {
    ...startOptions(start),
    workflowIdReusePolicy: 'ALLOW_DUPLICATE',
    workflowIdConflictPolicy: 'USE_EXISTING',
  });
}

const isNotRunning = (error: unknown): boolean => (error as Error).name === 'WorkflowNotFoundError';

/** By name, not by class: importing the classes would load Temporal's client into every process. */
function explain(error: Error & { cause?: { type?: string; message?: string } }, workflowId: string): Error {
  switch (error.name) {
    case 'WorkflowUpdateFailedError':
      // a service's refusal carries the name of its status
      if (error.cause?.type === status[status.ABORTED])
        return otherVersion(error.cause?.message ?? 'changed');
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
