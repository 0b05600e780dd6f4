import { execFileSync } from 'node:child_process';
import { Command } from 'commander';
import { ROOT } from './data-folder.ts';
import { generate } from './generate.ts';
import { describeError, PlainError } from './plain-error.ts';
import type { Draft } from './new/draft.ts';

/**
 * A kind of thing that can be created. Writing returns the cases whose histories must be recorded, if any.
 */
type Kind<O> = {
  faults: (draft: Draft, name: string, options: O) => string[];
  write: (draft: Draft, name: string, options: O) => string[] | void;
  next: (name: string, options: O) => string[];
};
type Common = { dryRun?: boolean; record: boolean };

const program = new Command('npm run new --')
  .description(
    'Writes what a new service, event, handler or workflow needs, in every place, with tests that pass at once.',
  )
  .configureHelp({ showGlobalOptions: true });

kind('service', 'fournisseurs', 'A service that keeps one entity: Create, Get, Update, List.')
  .option('--entity <Name>', 'what it keeps; default: the singular of its name (Fournisseur)')
  .action(async (name: string, options: { entity?: string } & Common) => {
    const { serviceFaults, serviceNext, writeService } = await import('./new/service.ts');
    await run(name, options, { faults: serviceFaults, write: writeService, next: serviceNext });
  });

kind(
  'event',
  'devis.accepted --publisher contrats.ContratService/Create',
  'An event without handlers: its message, its workflow, its place in every table.',
)
  .requiredOption(
    '--publisher <pkg.Service/Method>',
    'the method that publishes it: contrats.ContratService/Create',
  )
  .action(async (name: string, options: { publisher: string } & Common) => {
    const { eventFaults, eventNext, writeEvent } = await import('./new/event.ts');
    await run(name, options, { faults: eventFaults, write: writeEvent, next: eventNext });
  });

kind(
  'handler',
  'createWelcomeTask --event client.created --service activites --rpc TacheService/Create',
  'What happens after an event: the call of a method of a service.',
)
  .requiredOption('--event <name>', 'the event: client.created')
  .requiredOption('--service <name>', 'the service that it calls: activites')
  .option('--rpc <Service/Method>', 'the method that it calls; default: the service’s only Create')
  .action(async (name: string, options: { event: string; service: string; rpc?: string } & Common) => {
    const { handlerFaults, handlerNext, writeHandler } = await import('./new/handler.ts');
    await run(name, options, { faults: handlerFaults, write: writeHandler, next: handlerNext });
  });

kind(
  'workflow',
  'quote-reminder',
  'A follow-up that sleeps until a day, creates a task and ends; one run for each quote.',
)
  .option('--of <noun>', 'what a run is about; default: the first word of its name (quote)')
  .action(async (name: string, options: { of?: string } & Common) => {
    const { workflowFaults, workflowNext, writeWorkflow } = await import('./new/workflow.ts');
    await run(name, options, { faults: workflowFaults, write: writeWorkflow, next: workflowNext });
  });

try {
  await program.parseAsync();
} catch (error) {
  console.error(describeError(error));
  process.exitCode = 1;
}

function kind(name: string, example: string, description: string): Command {
  return program
    .command(name)
    .description(`${description}\n\n  npm run new -- ${name} ${example}`)
    .argument('<name>', `such as ${example.split(' ')[0]}`)
    .option('--dry-run', 'lists the files that it would write and change, and does nothing')
    .option('--no-record', 'does not record histories, which takes a minute: run `npm run histories` later');
}

/** Writes everything or nothing, then generates what follows from it. */
async function run<O extends Common>(
  name: string,
  options: O,
  { faults, write, next }: Kind<O>,
): Promise<void> {
  // the kinds read the contract, which is generated code
  await generate();
  const { Draft } = await import('./new/draft.ts');
  const draft = new Draft(ROOT);
  const found = faults(draft, name, options);
  if (found.length > 0) throw new PlainError(`Nothing was written:\n- ${found.join('\n- ')}`);
  const cases = write(draft, name, options) ?? [];
  if (options.dryRun) {
    console.log(`Would write:\n${draft.list().join('\n')}`);
    return;
  }
  const written = await draft.write();
  console.log(`Written:\n${written.join('\n')}`);
  npm('run', '-s', 'docs');
  console.log(
    'Printed again from the code: docs/events.md, .env.example of each service, the Keycloak realm.',
  );
  if (cases.length > 0 && options.record) npm('run', '-s', 'histories', '--', ...cases);
  const record = cases.length > 0 && !options.record ? [`npm run histories -- ${cases.join(' ')}`] : [];
  console.log(`\nNext:\n- ${[...record, ...next(name, options)].join('\n- ')}`);
}

function npm(...args: string[]): void {
  execFileSync('npm', args, { cwd: ROOT, stdio: 'inherit' });
}
