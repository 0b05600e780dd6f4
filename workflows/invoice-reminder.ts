import {
  ActivityCancellationType,
  ActivityFailure,
  allHandlersFinished,
  ApplicationFailure,
  CancellationScope,
  condition,
  continueAsNew,
  currentUpdateInfo,
  defineQuery,
  defineSignal,
  defineUpdate,
  isCancellation,
  proxyActivities,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import { OperatorsInbox } from './operators-inbox.ts';
import type { ReminderCommand, Said } from './reminder-commands.ts';
import { saidInWords, summary } from './summary.ts';
import { REMINDERS_QUEUE } from './task-queues.ts';

/** Whose invoice to remind of. */
export type InvoiceReminderInput = {
  invoiceId: string;
  /** As people call it: "F-2026-0042". */
  numero: string;
  clientId: string;
  organisationId: string;
  correlationId: string;
  /** The invoice is of before Suivi: who took it up, when (ISO 8601, UTC). What lies before that is not sent. */
  adoption?: Adoption;
};

/** Who took up an invoice of before Suivi, when (ISO 8601, UTC). */
export type Adoption = { who: string; at: string };

/** The next mail. */
export type NextReminder = {
  niveau: number;
  /** In words: "Relance J+15 de la facture F-2026-0042". */
  libelle: string;
  /** ISO 8601, UTC; left out while no end of a pause is known. */
  at?: string;
  /** The same in words: "le 1er juin 2026 à 09:00". */
  quand: string;
};

/** Where the reminders stand, as the relance service has it. */
export type ReminderState = {
  relanceId: string;
  statut: 'EN_ATTENTE' | 'EN_PAUSE' | 'ACHEVEE' | 'SOLDEE' | 'ANNULEE';
  next?: NextReminder;
  /** While paused: until when, ISO 8601, UTC. Left out: until resumed. */
  pauseEndsAt?: string;
  /** Why they have ended. */
  motifFin: string;
};

/** A command, or an operator's word, to be recorded. `id` is the same for every attempt. */
type Recorded = Said & { id: string; command: ReminderCommand; jusquAu: string; regleId?: string };

/** A command as it is told: typed by hand, it may leave out what it could say. */
type Told = Pick<Said, 'who'> & Partial<Said> & { jusquAu?: string; regleId?: string };

/** What the reminder asks of the services. Each re-reads the truth and may be repeated. */
export type InvoiceReminderActivities = {
  /** Reads the invoice; plans its reminders, ends those of a settled one, takes up those of one that is due again. */
  openReminder(input: InvoiceReminderInput): Promise<ReminderState>;
  /** Sends the next mail, unless invoice, client, hours or spacing say otherwise; answers what comes then. */
  sendReminder(input: InvoiceReminderInput & { niveau: number }): Promise<ReminderState>;
  /** Records a command. */
  recordReminderCommand(input: InvoiceReminderInput & Recorded): Promise<ReminderState>;
};

/** The invoice was created: starts the reminder, and changes nothing in one that runs. */
export const invoiceCreatedSignal = defineSignal('invoiceCreated');
/** Something was paid: the invoice is read again. */
export const paymentReceivedSignal = defineSignal('paymentReceived');
/** A payment was rejected or returned: the invoice is read again. */
export const paymentRejectedSignal = defineSignal('paymentRejected');
/** What held the reminders back does so no longer: what is due is planned anew. */
export const attenteLeveeSignal = defineSignal('attenteLevee');
/** What is planned, for people and tools that ask. */
export const reminderPlan = defineQuery<ReminderState | undefined>('plan');

const FOREVER = {
  initialInterval: '1 second',
  backoffCoefficient: 2,
  maximumInterval: '10 minutes',
} as const;
/** A service may be down for a weekend: a reminder is late then, never lost. */
const activities = proxyActivities<Pick<InvoiceReminderActivities, 'openReminder'>>({
  startToCloseTimeout: '30 seconds',
  retry: FOREVER,
  // one that is given up for news has ended before the next one begins
  cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
  summary: 'lit la facture',
});

/** What the reminder is called among failed handlers: the handler that starts it. */
const HANDLER = 'relance';

/** Of a recorded reason, in characters. */
const LONGEST_MOTIF = 500;

const WORDS: Record<ReminderCommand, string> = {
  pause: 'mise en pause',
  resume: 'reprise',
  sendNow: 'envoi immédiat demandé',
  skip: 'niveau sauté',
  cancel: 'annulation',
  migrate: 'passage aux règles en vigueur',
};

/** How they have ended. */
const ENDS: Record<ReminderState['statut'], string> = {
  EN_ATTENTE: 'en attente',
  EN_PAUSE: 'en pause',
  ACHEVEE: 'achevées',
  SOLDEE: 'arrêtées',
  ANNULEE: 'annulées',
};

/**
 * The reminders of an invoice, `relance/<invoiceId>`: a mail for each level at its time, until nothing remains to be
 * paid, someone cancels, or the last level was sent. The relance service keeps the plan and says when; the invoice is
 * read again before each mail. People steer it by updates; a step that is refused waits for `redrive` or `skip`, and
 * the latter leaves out the level.
 * @param said of a run that goes on from an earlier one: the last command, as people read it
 */
export async function invoiceReminder({
  said = '',
  ...input
}: InvoiceReminderInput & { said?: string }): Promise<string> {
  const inbox = new OperatorsInbox(`relances de la facture ${input.numero}`);
  let state: ReminderState | undefined;
  /** The invoice is to be read: at the start, and after each news. */
  let isStale = true;
  /** Commands that were accepted and are not recorded yet. */
  let commands = 0;
  /** The last of them, as people read it. */
  let lastSaid = said;
  let isBusy = false;
  let interrupt = () => {};

  setHandler(reminderPlan, () => state);
  setHandler(invoiceCreatedSignal, () => {});
  for (const news of [paymentReceivedSignal, paymentRejectedSignal, attenteLeveeSignal]) {
    setHandler(news, () => {
      isStale = true;
      interrupt();
    });
  }
  handle('pause');
  handle('resume', () => {
    if (!isPaused()) throw refused('RELANCE_PAS_EN_PAUSE', 'the reminders are not paused');
  });
  handle('sendNow', () => {
    if (isPaused()) throw refused('RELANCE_EN_PAUSE', 'the reminders are paused; resume them first');
  });
  handle('skip');
  handle('cancel');
  handle('migrate');

  for (;;) {
    await condition(() => commands === 0 || !state);
    if (isStale) await reread();
    else if (!state!.next) {
      await condition(allHandlersFinished);
      // what was heard while the end was recorded counts
      if (!isStale && !state!.next) {
        say(
          `Relances de la facture ${input.numero} ${ENDS[state!.statut]}${state!.motifFin && `: ${state!.motifFin}`}`,
        );
        return state!.motifFin;
      }
    } else if (workflowInfo().continueAsNewSuggested) {
      await condition(allHandlersFinished);
      return await continueAsNew<typeof invoiceReminder>({ ...input, ...(lastSaid && { said: lastSaid }) });
    } else if (!state!.next.at || Date.parse(state!.next.at) > Date.now()) await waitFor(state!.next);
    else await send(state!.next);
  }

  async function reread(): Promise<void> {
    isStale = false;
    const read = await step(() => activities.openReminder(input));
    if (read === 'interrupted') isStale = true;
    else if ('skipped' in read) state = { relanceId: '', statut: 'ANNULEE', motifFin: read.skipped };
    else state = read.answer;
  }

  async function waitFor({ libelle, at, quand }: NextReminder): Promise<void> {
    const isAt = isPaused() ? (at ? `en pause, reprise ${quand}` : `en pause ${quand}`) : `prévue ${quand}`;
    say(`${libelle}, ${isAt}`);
    let isWoken = false;
    interrupt = () => (isWoken = true);
    const woken = () => isWoken || commands > 0;
    if (!at) return await condition(woken);
    await condition(woken, Date.parse(at) - Date.now(), { summary: summary(`${libelle}, ${isAt}`) });
  }

  async function send({ niveau, libelle }: NextReminder): Promise<void> {
    const { sendReminder } = proxyActivities<InvoiceReminderActivities>({
      taskQueue: REMINDERS_QUEUE,
      // on the morning of thousands, the ten of one organisation do not wait for the thousands of another
      priority: { fairnessKey: input.organisationId },
      startToCloseTimeout: '30 seconds',
      retry: FOREVER,
      // an attempt under way ends before a command is carried out; one that waits for its turn is given up
      cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
      summary: libelle,
    });
    say(`${libelle}, en cours d’envoi ou à son tour`);
    const sent = await step(() => sendReminder({ ...input, niveau }));
    if (sent === 'interrupted') return;
    if ('answer' in sent) return void (state = sent.answer);
    const word = { who: 'opérateur', why: sent.skipped.slice(0, LONGEST_MOTIF), jusquAu: '' };
    await step(() => record({ ...word, command: 'skip', id: `niveau-${niveau}` }));
  }

  /** One step at a time; news and commands interrupt one that waits for its next attempt or for an operator. */
  async function step<T>(
    attempt: () => Promise<T>,
  ): Promise<{ answer: T } | { skipped: string } | 'interrupted'> {
    while (isBusy) await condition(() => !isBusy);
    // before the first reading there is nothing that a command could be about
    if (commands > 0 && state) return 'interrupted';
    const scope = new CancellationScope();
    interrupt = () => scope.cancel();
    isBusy = true;
    try {
      const settled = await scope.run(() => inbox.settle(HANDLER, attempt));
      if (settled === 'failed') throw inbox.failure()!;
      return settled;
    } catch (error) {
      if (!isCancellation(error) || !scope.consideredCancelled) throw error;
      return 'interrupted';
    } finally {
      isBusy = false;
      interrupt = () => {};
    }
  }

  async function record(recorded: Recorded): Promise<void> {
    const words = saidInWords(WORDS[recorded.command], recorded);
    const { recordReminderCommand } = proxyActivities<InvoiceReminderActivities>({
      startToCloseTimeout: '30 seconds',
      retry: FOREVER,
      summary: summary(words),
    });
    state = await recordReminderCommand({ ...input, ...recorded });
    lastSaid = words;
  }

  /** Accepts a command unless the reminders have ended or `validate` throws; the service records its effect. */
  function handle(command: ReminderCommand, validate: () => void = () => {}): void {
    const check = () => {
      if (state && !state.next)
        throw refused('RELANCE_TERMINEE', `the reminders have ended: ${state.statut}`);
      validate();
    };
    const carryOut = async (said: Told): Promise<void> => {
      const { id } = currentUpdateInfo()!;
      const { who, why = '', jusquAu = '', regleId = '' } = said;
      // what older runs have recorded has no rule in it
      const recorded = { command, who, why, jusquAu, id, ...(command === 'migrate' && { regleId }) };
      commands += 1;
      if (state) interrupt();
      try {
        while (isBusy || !state) await condition(() => !isBusy && state !== undefined);
        isBusy = true;
        // what came before it may have ended the reminders, or paused them
        check();
        await record(recorded);
      } catch (error) {
        const cause = error instanceof ActivityFailure ? error.cause : error;
        throw cause instanceof ApplicationFailure ? refused(cause.type ?? 'REFUSED', cause.message) : error;
      } finally {
        isBusy = false;
        commands -= 1;
      }
    };
    setHandler(defineUpdate<void, [Told]>(command), carryOut, {
      description: WORDS[command],
      validator: (said: Partial<Told> | undefined) => {
        // typed by hand, anything may be in it
        if (typeof said?.who !== 'string' || !said.who.trim()) throw refused('QUI', 'must say who');
        check();
      },
    });
  }

  function isPaused(): boolean {
    if (state?.statut !== 'EN_PAUSE') return false;
    return !state.pauseEndsAt || Date.parse(state.pauseEndsAt) > Date.now();
  }

  function say(step: string): void {
    inbox.isAt(lastSaid ? `${step}\n\nDernière commande: ${lastSaid}` : step);
  }
}

const refused = (type: string, message: string) => ApplicationFailure.nonRetryable(message, type);
