import { Command } from 'commander';
import { describeError } from './plain-error.ts';
import { deadLetters } from './ops/dead-letters.ts';
import { failed } from './ops/failed.ts';
import { reconcile } from './ops/reconcile.ts';
import { simulate } from './ops/simulate.ts';

const program = new Command('npm run -s ops --')
  .description(
    'What operators do. Settings come from the environment, else from the local platform’s data folder.',
  )
  .addCommand(deadLetters)
  .addCommand(failed)
  .addCommand(reconcile)
  .addCommand(simulate);

try {
  await program.parseAsync();
} catch (error) {
  console.error(describeError(error));
  process.exitCode = 1;
}
