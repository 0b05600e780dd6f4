import type { Client } from '@temporalio/client';
import { str } from 'envalid';
import type { ConfigOf } from './config.ts';
import { currentWork } from './context.ts';
import { failedPrecondition, unavailable } from './errors.ts';

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

/** Commands to running workflows. */
export type WorkflowCommands = {
  /**
   * Has a workflow carry out a command, one of its updates, and answers what it says.
   * @param updateId makes a repeat of the command answer the first result
   * @throws {RpcError} FAILED_PRECONDITION with the workflow's reason where it refuses (the type of its
   * ApplicationFailure), or with NOT_RUNNING where there is none that runs; UNAVAILABLE where Temporal or its
   * workers do not answer: the command may then still be carried out later
   */
  update<Answer = void>(
    workflowId: string,
    name: string,
    args: [unknown, ...unknown[]],
    updateId?: string,
  ): Promise<Answer>;
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
  return {
    async update<Answer>(workflowId: string, name: string, args: [unknown, ...unknown[]], updateId?: string) {
      const { workflow, connection } = await (connected ??= connect());
      const deadline =
        (currentWork()?.deadline?.getTime() ?? Date.now() + COMMAND_MS + MARGIN_MS) - MARGIN_MS;
      try {
        return await connection.withDeadline(deadline, () =>
          workflow
            .getHandle(workflowId)
            .executeUpdate<Answer, [unknown, ...unknown[]]>(name, { args, ...(updateId && { updateId }) }),
        );
      } catch (error) {
        throw explain(error as Error & { cause?: { type?: string; message?: string } }, workflowId);
      }
    },
  };
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
