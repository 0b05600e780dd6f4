import { redrive, skip } from '@crm/workflows/event-workflow';
import type { Client } from '@temporalio/client';
import { Command } from 'commander';
import { userInfo } from 'node:os';
import { PlainError } from '../plain-error.ts';
import { withTemporal } from './connections.ts';
import { counted } from './words.ts';

/** Lists event workflows with failed handlers, which wait for an operator, and tells them what to do. */
export const failed = new Command('failed').description(
  'handlers that have failed and wait for an operator’s word',
);

type Chosen = { handler?: string; workflow?: string };

failed
  .command('list')
  .description('the open runs with failed handlers')
  .option('--handler <name>', 'only those of this handler')
  .action((chosen: Chosen) =>
    withTemporal(async (client) => {
      let count = 0;
      for await (const run of client.workflow.list({ query: query(chosen) })) {
        count++;
        const handlers = run.searchAttributes.FailedHandlers?.join(', ');
        console.log([run.workflowId, run.type, run.startTime.toISOString(), handlers].join('  '));
      }
      console.log(counted(count, 'run'));
    }),
  );

const told = (name: string, what: string, signal: typeof redrive) =>
  failed
    .command(name)
    .description(what)
    .option('--handler <name>', 'only this handler')
    .option('--workflow <id>', 'only this run')
    .option('--who <name>', 'who says so', userInfo().username)
    .requiredOption('--why <reason>', 'why; kept in the history')
    .action(({ who, why, ...chosen }: Chosen & { who: string; why: string }) =>
      withTemporal(async (client) => {
        let count = 0;
        for (const workflowId of await open(client, chosen)) {
          const handlers = chosen.handler ? [chosen.handler] : [];
          await client.workflow.getHandle(workflowId).signal(signal, { who, why, handlers });
          console.log(`${workflowId}: ${name}`);
          count++;
        }
        if (count === 0)
          throw new PlainError('No open run with failed handlers is like that. See: failed list');
        console.log(counted(count, 'run'));
      }),
    );

told('redrive', 'runs the failed handlers again, and only those', redrive);
told('skip', 'gives the failed handlers up', skip);

/** Reads all of them before the first signal: a signal changes the query's result. */
async function open(client: Client, chosen: Chosen): Promise<string[]> {
  const ids: string[] = [];
  for await (const { workflowId } of client.workflow.list({ query: query(chosen) })) ids.push(workflowId);
  return ids;
}

function query({ handler, workflow }: Chosen): string {
  const quoted = (text: string) => `'${text.replaceAll("'", "''")}'`;
  const which = handler ? `FailedHandlers=${quoted(handler)}` : 'FailedHandlers IS NOT NULL';
  return [which, `ExecutionStatus='Running'`, ...(workflow ? [`WorkflowId=${quoted(workflow)}`] : [])].join(
    ' AND ',
  );
}
