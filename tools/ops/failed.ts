import { failedRuns, type FailedRun } from '@crm/ops/failed-runs';
import { EtatHandler } from '@crm/proto/ops/ops';
import { redrive, skip } from '@crm/workflows/event-workflow';
import { WorkflowNotFoundError, type Client } from '@temporalio/client';
import { Command } from 'commander';
import { userInfo } from 'node:os';
import { PlainError } from '../plain-error.ts';
import { checkWho } from './check-who.ts';
import { withTemporal } from './connections.ts';
import { counted } from './words.ts';

/** Lists runs with failed or late handlers, and tells them what an operator has decided. */
export const failed = new Command('failed')
  .description('handlers that have failed and wait for an operator’s word, and those that are late')
  .addHelpText(
    'after',
    `
A handler that is late is tried every ten minutes, for three days; then it has failed. One that has failed waits for
redrive or skip: those of an event for 14 days, those of a follow-up for ever; "for weeks" are those that finance was
told of because nobody had answered for two weeks.`,
  );

type Chosen = { handler?: string; workflow?: string; late?: boolean };

failed
  .command('list')
  .description('the open runs with failed or late handlers')
  .option('--handler <name>', 'only those of this handler')
  .action((chosen: Chosen) =>
    withTemporal(async (client) => {
      const runs = await open(client, { ...chosen, late: true });
      for (const run of runs) {
        const { workflowId, type, startedAt, handlers } = run;
        const [failed, late] = [namesOf(run, EtatHandler.ECHEC), namesOf(run, EtatHandler.RETARD)];
        const isStranded = handlers.some((one) => one.isStranded);
        const states = [
          failed && `failed${isStranded ? ' for weeks' : ''}: ${failed}`,
          late && `late: ${late}`,
        ];
        console.log([workflowId, type, startedAt.toISOString(), ...states.filter(Boolean)].join('  '));
      }
      console.log(counted(runs.length, 'run'));
    }),
  );

const told = (name: string, what: string, signal: typeof redrive, reachesLate: (chosen: Chosen) => boolean) =>
  failed
    .command(name)
    .description(what)
    .option('--handler <name>', 'only this handler')
    .option('--workflow <id>', 'only this run')
    .option('--who <name>', 'who says so', userInfo().username)
    .requiredOption('--why <reason>', 'why; kept in the history')
    .action(async ({ who, why, ...chosen }: Chosen & { who: string; why: string }) => {
      checkWho(who);
      // a run ignores a word without a reason
      if (!why.trim()) throw new PlainError('--why must say why.');
      await withTemporal(async (client) => {
        // all are read before the first signal: a signal changes the query's result
        const runs = await open(client, { ...chosen, late: reachesLate(chosen) });
        let reached = 0;
        for (const { workflowId, handlers: found } of runs) {
          const handlers = found.map(({ handler }) => handler);
          try {
            await client.workflow.getHandle(workflowId).signal(signal, { who, why, handlers });
          } catch (error) {
            // a late handler ends by itself, and the list is some seconds old
            if (!(error instanceof WorkflowNotFoundError)) throw error;
            console.log(`${workflowId}: has ended meanwhile`);
            continue;
          }
          reached += 1;
          console.log(`${workflowId}: ${name} ${handlers.join(', ')}`);
        }
        if (runs.length === 0)
          throw new PlainError('No open run with failed handlers is like that. See: failed list');
        console.log(counted(reached, 'run'));
      });
    });

told('redrive', 'runs the failed handlers again, and tries the late ones at once', redrive, () => true);
told(
  'skip',
  'gives the failed handlers up; the late ones with --late, or of the run that --workflow names',
  skip,
  ({ late, workflow }) => Boolean(late ?? workflow),
).option('--late', 'the late ones, too, which would be tried for three days');

/** The open runs with the chosen handlers. */
async function open(
  { workflow: workflows }: Client,
  { handler, workflow, late }: Chosen,
): Promise<FailedRun[]> {
  const filter = { handler: handler ?? '', workflowId: workflow, ...(!late && { etat: EtatHandler.ECHEC }) };
  const runs: FailedRun[] = [];
  for await (const run of failedRuns(workflows, filter)) runs.push(run);
  return runs;
}

/** The names of the handlers of a run that are in a state. */
const namesOf = ({ handlers }: FailedRun, state: EtatHandler): string =>
  handlers
    .filter(({ etat }) => etat === state)
    .map(({ handler }) => handler)
    .join(', ');
