import { RelanceServiceService } from '@crm/proto/relance/relance';
import { Command } from 'commander';
import { PlainError } from '../plain-error.ts';
import { migrateReminders } from './migrate-reminders.ts';
import { withServices } from './service-callers.ts';

/** Follow-ups that run. */
export const followUps = new Command('follow-ups').description('follow-ups that run: reminders of invoices');

export type Migration = {
  org?: string;
  invoice?: string;
  toRule: string;
  apply?: true;
  why?: string;
};

/** How `--to-rule` says all rules that are in force. */
export const IN_FORCE = 'in-force';

followUps
  .command('migrate')
  .description(
    'moves running reminders to the rules that are in force now; says what changes, and does it with --apply',
  )
  .option('--org <id>', 'those of an organisation')
  .option('--invoice <id>', 'the reminders of one invoice')
  .option('--to-rule <id>', 'one rule, for its level alone; or all that are in force', IN_FORCE)
  .option('--apply', 'do it; without it nothing is changed')
  .option('--why <reason>', 'why; kept in the history, with whose token it was (TOKEN, else the operator)')
  .addHelpText(
    'after',
    `
Follow-ups keep the rules that they began with; a rule that is changed concerns new ones. This moves those that run:
what was sent or left out stays so, and is never sent again; every level after it is planned by the rules that are in
force now (of the organisation, else of "default", else J+15). Where these have no level left, the reminders end.
Nothing is kept of the preview: what is done is decided when it is done, and running it again changes nothing more.

  npm run -s ops -- follow-ups migrate --org org-123
  npm run -s ops -- follow-ups migrate --org org-123 --apply --why "nouvelles conditions"
  npm run -s ops -- follow-ups migrate --invoice <id> --to-rule <rule id> --apply --why "accord"`,
  )
  .action(async (options: Migration) => {
    if (Boolean(options.org) === Boolean(options.invoice)) {
      throw new PlainError('Say which: --org <id>, or --invoice <id>.');
    }
    if (options.apply && !options.why?.trim()) throw new PlainError('--apply needs --why <reason>.');
    await withServices((call) => migrateReminders(call('relance', RelanceServiceService), options));
  });
