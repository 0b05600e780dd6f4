import { isNotFound, orUndefined } from '@crm/kit';
import { RegleRelanceServiceService, RelanceServiceService } from '@crm/proto/relance/relance';
import { RetryAdminServiceService } from '@crm/proto/retry/retry';
import { Command } from 'commander';
import { PlainError } from '../plain-error.ts';
import { AN_INVOICE, findInvoice } from './find-invoice.ts';
import { A_REJECTED_PAYMENT, findRejectedPayment } from './find-payment.ts';
import { describer, migrateFollowUps, reminderChanges, retryChanges } from './migrate-follow-ups.ts';
import { previewReminder } from './preview-reminder.ts';
import { withServices, type CallService } from './service-callers.ts';
import { tellReminders, tellRetries } from './tell-many.ts';

/** Shows the next reminder, gives commands to many, and moves running follow-ups to other rules. */
export const followUps = new Command('follow-ups').description('reminders and retries that run');

followUps.addCommand(previewReminder);
for (const command of tellReminders) followUps.addCommand(command);
followUps.addCommand(tellRetries);

type Options = {
  org?: string;
  invoice?: string;
  payment?: string;
  toRule: string;
  apply?: true;
  why?: string;
};

/** The value of `--to-rule` for all rules in force. */
const IN_FORCE = 'in-force';

followUps
  .command('migrate')
  .description(
    'moves running reminders and retries to the rules in force now; says what changes, and does it with --apply',
  )
  .option('--org <id or code>', 'those of an organisation; with --invoice or --payment: whose number it is')
  .option('--invoice <number>', `the reminders of one invoice: ${AN_INVOICE}`)
  .option('--payment <number>', `the retries of one payment: ${A_REJECTED_PAYMENT}`)
  .option('--to-rule <id>', 'one level of reminders, or one retry policy; or all that is in force', IN_FORCE)
  .option('--apply', 'do it; without it nothing is changed')
  .option('--why <reason>', 'why; kept in the history, with whose token it was (TOKEN, else the operator)')
  .addHelpText(
    'after',
    `
Follow-ups keep the rules that they began with; a rule that is changed concerns new ones. This moves those that run to
what is in force now: the organisation's active rules, else those of "default", else the usual ones.
- Reminders: what was sent or left out stays so and is never sent again; what comes after it is planned by the rules.
  With --to-rule only its level moves. Where no level is left, the reminders end.
- Retries: attempts that were made count; one that is with the bank is waited for. One that a person has put on a day
  (RunNow, ReplanSchedule) stays there, and so does the first one with another mandate, of which the client was told.
  Refused where no attempt is left, or that day is later than the policy has any.
The preview is not kept: what is done is decided when it is done. Done twice it changes nothing more.

  npm run -s ops -- follow-ups migrate --org org-123
  npm run -s ops -- follow-ups migrate --org org-123 --apply --why "nouvelles conditions"
  npm run -s ops -- follow-ups migrate --invoice F-2026-0042 --to-rule <rule id> --apply --why "accord"`,
  )
  .action(async (options: Options) => {
    const { org = '', toRule, why: motif = '' } = options;
    const apply = options.apply === true;
    const one = [options.invoice, options.payment].filter(Boolean).length;
    if (one > 1 || (one === 0 && !org))
      throw new PlainError('Say which: --org <id>, --invoice <number> or --payment <number>.');
    if (apply && !motif.trim()) throw new PlainError('--apply needs --why <reason>.');
    const counts = { changed: 0, unchanged: 0, refused: 0 };
    await withServices(async (call) => {
      const rule = await ruleOf(call, toRule);
      const invoice = options.invoice ? (await findInvoice(call, options.invoice, org)).id : '';
      const payment = options.payment ? (await findRejectedPayment(call, options.payment, org)).id : '';
      const organisationId = one ? '' : org;
      const relances = call('relance', RelanceServiceService);
      const retries = call('retry', RetryAdminServiceService);
      if (!payment && rule.policyId === undefined) {
        const which = { organisationId, id: invoice, regleId: rule.regleId ?? '', motif };
        await migrateFollowUps(reminderChanges(relances, which), describer(call), apply, counts).catch(
          orSay(invoice, `--invoice ${options.invoice} has no reminders.`),
        );
      } else if (invoice)
        throw new PlainError(`--to-rule ${toRule} is a retry policy: say --payment or --org.`);
      if (!invoice && rule.regleId === undefined) {
        const which = { organisationId, id: payment, policyId: rule.policyId ?? '', motif };
        await migrateFollowUps(retryChanges(retries, which), describer(call), apply, counts).catch(
          orSay(payment, `--payment ${options.payment} has no retries: it was not rejected.`),
        );
      } else if (payment)
        throw new PlainError(`--to-rule ${toRule} is a level of reminders: say --invoice or --org.`);
    });
    const { changed, unchanged, refused } = counts;
    console.log(
      `${apply ? 'Changés' : 'À changer'} : ${changed}, sans changement : ${unchanged}, refusés : ${refused}.`,
    );
    if (!apply && changed > 0) console.log('Rien n’a été changé : faites-le avec --apply --why <raison>.');
    if (refused > 0) process.exitCode = 1;
  });

/** Reports a missing entity by its flag, if there is one. */
const orSay =
  (id: string, message: string) =>
  (error: unknown): never => {
    throw id && isNotFound(error) ? new PlainError(message) : error;
  };

/** Whether a rule is a level of reminders or a policy of retries. */
async function ruleOf(call: CallService, id: string): Promise<{ regleId?: string; policyId?: string }> {
  if (id === IN_FORCE) return {};
  if (await orUndefined(call('relance', RegleRelanceServiceService).get({ id }))) return { regleId: id };
  if (await orUndefined(call('retry', RetryAdminServiceService).getPolicy({ id }))) return { policyId: id };
  throw new PlainError(`--to-rule ${id}: there is no such rule and no such policy; ${IN_FORCE} is all.`);
}
