import { constants } from 'node:os';
import { Command } from 'commander';
import { describeError } from './plain-error.ts';
import { adopt } from './ops/adopt.ts';
import { agenda } from './ops/agenda.ts';
import { bankReports } from './ops/bank-reports.ts';
import { deadLetters } from './ops/dead-letters.ts';
import { dossier } from './ops/dossier.ts';
import { exportFiles } from './ops/export.ts';
import { failed } from './ops/failed.ts';
import { followUps } from './ops/follow-ups.ts';
import { holds } from './ops/holds.ts';
import { importFiles } from './ops/import.ts';
import { mailIn } from './ops/mail-in.ts';
import { reconcile } from './ops/reconcile.ts';
import { simulate } from './ops/simulate.ts';
import { versions } from './ops/versions.ts';

const program = new Command('npm run -s ops --')
  .description(
    'What operators do. Settings come from the environment, else from the local platform’s data folder.',
  )
  .addCommand(adopt)
  .addCommand(agenda)
  .addCommand(bankReports)
  .addCommand(deadLetters)
  .addCommand(dossier)
  .addCommand(exportFiles)
  .addCommand(failed)
  .addCommand(followUps)
  .addCommand(holds)
  .addCommand(importFiles)
  .addCommand(mailIn)
  .addCommand(reconcile)
  .addCommand(simulate)
  .addCommand(versions);

// the reader has gone (`… | head`): end silently, as with SIGPIPE
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(128 + constants.signals.SIGPIPE);
});

try {
  await program.parseAsync();
} catch (error) {
  console.error(describeError(error));
  process.exitCode = 1;
}
