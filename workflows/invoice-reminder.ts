import {
  ActivityCancellationType,
  condition,
  continueAsNew,
  defineQuery,
  defineSignal,
  proxyActivities,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import { cutMotif } from './motif.ts';
import { OperatorsInbox } from './operators-inbox.ts';
import type { ReminderCommand } from './reminder-commands.ts';
import {
  after,
  AT_START,
  nextStep,
  refusal,
  type News,
  type ReminderState,
  type Step,
} from './reminder-state.ts';
import { saidInWords, summary } from './summary.ts';
import { takeCommands, type Said } from './take-commands.ts';
import { REMINDERS_QUEUE } from './task-queues.ts';
import { Turns } from './turns.ts';

/** The invoice to remind of. */
export type InvoiceReminderInput = {
  invoiceId: string;
  /** Its number: "F-2026-0042". */
  numero: string;
  clientId: string;
  organisationId: string;
  correlationId: string;
  /**
   * Present if the invoice is from before Suivi: who adopted it, and when. Levels before that instant are not
   * sent.
   */
  adoption?: Adoption;
};

/** Who adopted an invoice from before Suivi, and when (ISO 8601, UTC). */
export type Adoption = { who: string; at: string };

/** A command or an operator's decision to record. `id` is the same for every attempt. */
type Recorded = Said & { id: string; command: ReminderCommand; jusquAu: string; regleId?: string };

/** The arguments of commands: see `ReminderCommands`. People type them, so some may be missing. */
type Told = Said & { jusquAu?: string; regleId?: string };

/** The activities. Each reads the current state, and may be repeated. */
export type InvoiceReminderActivities = {
  /**
   * Reads the invoice. Plans its reminders, ends those of a settled invoice, and restarts those of one that
   * is due again.
   */
  openReminder(input: InvoiceReminderInput): Promise<ReminderState>;
  /** Sends the next mail, unless invoice, client, hours or spacing prevent it. Returns what comes next. */
  sendReminder(input: InvoiceReminderInput & { niveau: number }): Promise<ReminderState>;
  /** Records a command. */
  recordReminderCommand(input: InvoiceReminderInput & Recorded): Promise<ReminderState>;
};

/** The invoice was created: starts the reminder. No effect on a running one. */
export const invoiceCreatedSignal = defineSignal('invoiceCreated');
/** Something was paid: the invoice is read again. */
export const paymentReceivedSignal = defineSignal('paymentReceived');
/** A payment was rejected or returned: the invoice is read again. */
export const paymentRejectedSignal = defineSignal('paymentRejected');
/** A hold has ended: the next reminder is planned again. */
export const attenteLeveeSignal = defineSignal('attenteLevee');
/** Returns the plan, for people and tools. */
export const reminderPlan = defineQuery<ReminderState | undefined>('plan');

const FOREVER = {
  initialInterval: '1 second',
  backoffCoefficient: 2,
  maximumInterval: '10 minutes',
} as const;
/** A service may be down for a weekend: the reminder is then late, but never lost. */
const activities = proxyActivities<Pick<InvoiceReminderActivities, 'openReminder'>>({
  startToCloseTimeout: '30 seconds',
  retry: FOREVER,
  // an activity that is given up because of news ends before the next one begins
  cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
  summary: 'lit la facture',
});

/** The handler's name among the failed ones: the one that starts the reminder. */
const HANDLER = 'relance';

const WORDS: Record<ReminderCommand, string> = {
  pause: 'mise en pause',
  resume: 'reprise',
  sendNow: 'envoi immédiat demandé',
  skip: 'niveau sauté',
  cancel: 'annulation',
  migrate: 'passage aux règles en vigueur',
};

/**
 * The reminders of an invoice, `relance/<invoiceId>`: a mail for each level at its time, until nothing is
 * left to pay, a person cancels, or the last level was sent. The relance service has the plan and says when;
 * the invoice is read again before each mail. People control it with updates. A step that is refused waits
 * for `redrive` or `skip`, for ever; `skip` skips the level.
 * @param said the last command of the earlier run that this one continues, for people
 */
export async function invoiceReminder({
  said = '',
  ...input
}: InvoiceReminderInput & { said?: string }): Promise<string> {
  let reminder = AT_START;
  const learn = (news: News) => (reminder = after(reminder, news));
  const { organisationId, clientId, correlationId, invoiceId: reference, numero } = input;
  const quoi = `les relances de la facture ${numero}`;
  const follows = { organisationId, clientId, correlationId, reference, quoi };
  const inbox = new OperatorsInbox(`relances de la facture ${numero}`, follows, said);
  const turns = new Turns(() => reminder.state !== undefined);

  setHandler(reminderPlan, () => reminder.state);
  setHandler(invoiceCreatedSignal, () => {});
  for (const signal of [paymentReceivedSignal, paymentRejectedSignal, attenteLeveeSignal]) {
    setHandler(signal, () => {
      learn('changed');
      turns.interrupt();
    });
  }
  takeCommands<ReminderCommand, Told>({
    words: WORDS,
    refusal: (name) => refusal(reminder, name, Date.now()),
    inTurn: (carryOut) => turns.command(carryOut),
    record: ({ name, id, who, why, jusquAu = '', regleId = '', versionAttendue }, words) =>
      // commands in old runs have no rule and no version
      record(
        {
          ...{ command: name, who, why, jusquAu, id },
          ...(name === 'migrate' && { regleId }),
          ...(versionAttendue !== undefined && { versionAttendue }),
        },
        words,
      ),
  });

  for (;;) {
    await condition(() => !turns.isCommanded());
    const step = nextStep(reminder, input.numero, Date.now());
    if (step.do === 'read') await read();
    else if (step.do === 'end') {
      inbox.isAt(step.words);
      return step.motif;
    } else if (workflowInfo().continueAsNewSuggested) {
      const { lastCommand } = inbox;
      return await continueAsNew<typeof invoiceReminder>({
        ...input,
        ...(lastCommand && { said: lastCommand }),
      });
    } else if (step.do === 'wait') await wait(step);
    else await send(step);
  }

  async function read(): Promise<void> {
    learn('reading');
    const read = await attempt(() => activities.openReminder(input));
    if (read === 'interrupted') learn('changed');
    else learn('answer' in read ? read : { givenUp: read.skipped });
  }

  async function wait({ untilMs, words }: Extract<Step, { do: 'wait' }>): Promise<void> {
    inbox.isAt(words);
    const isWoken = () => reminder.isStale || turns.isCommanded();
    if (untilMs === undefined) await condition(isWoken);
    else await condition(isWoken, untilMs - Date.now(), { summary: summary(words) });
  }

  async function send({ niveau, words }: Extract<Step, { do: 'send' }>): Promise<void> {
    const { sendReminder } = proxyActivities<InvoiceReminderActivities>({
      taskQueue: REMINDERS_QUEUE,
      // on a morning with thousands of reminders, organisations take turns: ten of one do not wait for
      // thousands of another
      priority: { fairnessKey: input.organisationId },
      startToCloseTimeout: '30 seconds',
      retry: FOREVER,
      // a running attempt ends before a command is carried out; one that waits for its next try is given up
      cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
      summary: summary(words),
    });
    inbox.isAt(`${words}, en cours d’envoi ou à son tour`);
    const sent = await attempt(() => sendReminder({ ...input, niveau }));
    if (sent === 'interrupted') return;
    if ('answer' in sent) return void learn(sent);
    const word = { who: 'opérateur', why: cutMotif(sent.skipped) };
    const skip = { ...word, command: 'skip', jusquAu: '', id: `niveau-${niveau}` } as const;
    await attempt(() => record(skip, saidInWords(WORDS.skip, word)));
  }

  /** Runs one step at a time. A step that is refused waits for an operator. */
  async function attempt<T>(what: () => Promise<T>) {
    const settled = await turns.step(() => inbox.settle(HANDLER, what));
    if (settled === 'failed') throw inbox.failure()!;
    return settled;
  }

  async function record(recorded: Recorded, words: string): Promise<void> {
    const { recordReminderCommand } = proxyActivities<InvoiceReminderActivities>({
      startToCloseTimeout: '30 seconds',
      retry: FOREVER,
      summary: summary(words),
    });
    learn({ answer: await recordReminderCommand({ ...input, ...recorded }) });
    inbox.lastCommand = words;
  }
}
