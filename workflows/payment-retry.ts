import {
  allHandlersFinished,
  condition,
  continueAsNew,
  defineQuery,
  defineSignal,
  patched,
  proxyActivities,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import { OperatorsInbox } from './operators-inbox.ts';
import type { Order, RetryCommand, RetryCommandName } from './retry-commands.ts';
import {
  after,
  atStart,
  fault,
  mailsDue,
  nextStep,
  refusal,
  wasMissed,
  type Mail,
  type News,
  type RetryState,
  type Told,
  type Waited,
} from './retry-state.ts';
import { summary } from './summary.ts';
import { takeCommands } from './take-commands.ts';

/** The input of a payment's retries: ids only. The plan is read from the retry service. */
export type PaymentRetryInput = {
  scheduleId: string;
  paymentId: string;
  clientId: string;
  invoiceId: string;
  organisationId: string;
  correlationId: string;
  /** The number of its invoice: "F-2026-0042". Absent if there is none or it is unknown. */
  numero?: string;
  /** For a run that continues an earlier one: what the client was told already. */
  told?: Told;
};

type WithState = PaymentRetryInput & { state: RetryState };

/** The activities. Each reads the current state before it acts, and may be repeated. */
export type PaymentRetryActivities = {
  /** Reads the schedule. */
  readRetry(input: PaymentRetryInput): Promise<RetryState>;
  /** Announces the attempt to the client by mail, unless there is nothing to announce any more. */
  announceRetry(input: WithState): Promise<void>;
  /** Announces the first debit with another mandate by mail, unless there is none to come any more. */
  prenotifyRetry(input: WithState): Promise<void>;
  /** Tells the client by mail that an attempt was rejected, and of the next one, or that it was the last. */
  tellOfRejection(input: WithState): Promise<void>;
  /** Makes the attempt, or ends the schedule if nothing may be debited any more. Returns the new state. */
  submitRetry(input: WithState): Promise<RetryState>;
  /** Checks what happened to the attempt with the bank. Returns the new state. */
  checkRetry(input: WithState): Promise<RetryState>;
  /** Records a command, with its author and reason. */
  commandRetry(input: PaymentRetryInput & { command: RetryCommand; commandId: string }): Promise<RetryState>;
  /** Records that an operator gave up. */
  abandonRetry(input: PaymentRetryInput & { motif: string }): Promise<void>;
};

/** An attempt was rejected, and the rejection recorded: the schedule is read again. */
export const paymentRejectedSignal = defineSignal('paymentRejected');
/** Returns the plan, for people and tools. */
export const plan = defineQuery<{
  statut: string;
  /** Of the schedule; 0: it was not read yet. */
  version: number;
  numero: number;
  prochaineAt: string;
  etape: string;
}>('plan');

const RETRY_FOREVER = { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '10 minutes' };
const doing = (what: string) =>
  proxyActivities<PaymentRetryActivities>({
    startToCloseTimeout: '30 seconds',
    // a service may be down for a weekend: the retry is then late, but never lost
    retry: RETRY_FOREVER,
    summary: summary(what),
  });
/** The options of a command's activity: somebody waits for its answer. */
const commanded = (words: string) =>
  proxyActivities<PaymentRetryActivities>({
    startToCloseTimeout: '5 seconds',
    retry: { initialInterval: '200 milliseconds', maximumInterval: '1 second', maximumAttempts: 4 },
    summary: summary(words),
  });
/** The commands in words. */
const WORDS: Record<RetryCommandName, string> = {
  cancel: 'arrêt',
  replan: 'replanification',
  runNow: 'présentation immédiate demandée',
  migrate: 'passage à la politique en vigueur',
  resume: 'reprise avec un autre mandat',
};

/** The names among the failed handlers: the handler that starts the retries, and their mails. */
const HANDLER = 'retry';
const MAILS = 'email';

/**
 * The retries of a rejected payment, `retry/<paymentId>`. Each is submitted at its planned instant, after the
 * current state was read; the next one only after the previous one was rejected. It ends when the payment is
 * collected, no attempt is left, or it is stopped. A step that is refused keeps the run open and waits for
 * `redrive` or `skip`; `skip` stops the retries. A refused mail waits separately and delays nothing.
 * @param said the last command of the earlier run that this one continues, for people
 */
export async function paymentRetry({
  said = '',
  ...input
}: PaymentRetryInput & { said?: string }): Promise<string> {
  let retries = atStart(input.told);
  const learn = (news: News) => (retries = after(retries, news));
  /** An attempt is being made or checked: commands wait for its end. */
  let isActing = false;
  let mails: Promise<unknown> = Promise.resolve();
  let mailsPending = 0;
  const { organisationId, clientId, correlationId, paymentId: reference } = input;
  const quoi = `les nouvelles présentations ${ofPayment(input)}`;
  const inbox = new OperatorsInbox(
    'paymentRetry',
    { organisationId, clientId, correlationId, reference, quoi },
    said,
  );
  setHandler(paymentRejectedSignal, () => void learn('changed'));
  setHandler(plan, () => {
    const { state } = retries;
    return {
      statut: state?.statut ?? '',
      version: state?.version ?? 0,
      numero: state?.numero ?? 0,
      prochaineAt: state?.prochaineAt ?? '',
      etape: inbox.step,
    };
  });
  takeCommands<RetryCommandName, Order>({
    words: WORDS,
    fault,
    refusal: (name) => refusal(retries, name),
    async inTurn(carryOut) {
      await condition(() => retries.state !== undefined && !isActing);
      await carryOut();
    },
    async record({ id: commandId, ...command }, words) {
      learn({ answer: await commanded(words).commandRetry({ ...input, command, commandId }) });
      inbox.lastCommand = words;
      learn('changed');
    },
  });

  for (;;) {
    if (wasMissed(retries) && patched('heard-meanwhile')) learn('nudged');
    learn('reading');
    const read = await attempt(() => doing('lit l’échéancier').readRetry(input));
    if (typeof read === 'string') return read;
    learn({ answer: read });
    inbox.isAt(describe(read, input));
    mailsDue(retries).forEach(mail);
    const step = nextStep(retries, Date.now());
    if (step.do === 'end') {
      await condition(() => retries.isStale || (mailsPending === 0 && allHandlersFinished()));
      if (retries.isStale) continue;
      return inbox.step;
    }
    if (workflowInfo().continueAsNewSuggested && mailsPending === 0 && allHandlersFinished()) {
      const { told } = retries;
      const { lastCommand } = inbox;
      await continueAsNew<typeof paymentRetry>({ ...input, told, ...(lastCommand && { said: lastCommand }) });
    }
    const hasCome = await reached(step.at, waitInWords(step.do, read));
    learn({ waited: step, hasCome });
    if (hasCome && step.do === 'announce') mail('announcement');
    if (!hasCome || step.do === 'announce') continue;
    // an earlier command takes effect first
    await condition(allHandlersFinished);
    if (retries.isStale) continue;
    isActing = true;
    const acted = await attempt(() => {
      const { submitRetry, checkRetry } = doing(IN_WORDS[step.do](read));
      return (step.do === 'submit' ? submitRetry : checkRetry)({ ...input, state: read });
    });
    isActing = false;
    if (typeof acted === 'string') return acted;
    learn({ answer: acted });
  }

  /** Waits for an instant. Returns false if something changed before it. Does not wait if it has passed. */
  async function reached(instant: string, words: string): Promise<boolean> {
    const ms = Date.parse(instant) - Date.now();
    if (ms <= 0) return !retries.isStale;
    return !(await condition(() => retries.isStale, ms, { summary: summary(words) }));
  }

  /** Runs a step. If an operator skips it, the retries are stopped, and the reason is returned. */
  async function attempt<T extends object>(what: () => Promise<T>): Promise<T | string> {
    const settled = await inbox.settle(HANDLER, what);
    if (settled === 'failed') throw inbox.failure()!;
    if ('answer' in settled) return settled.answer;
    const motif = settled.skipped;
    await inbox.settle(HANDLER, () => doing(`abandon: ${motif}`).abandonRetry({ ...input, motif }));
    inbox.isAt(motif);
    return motif;
  }

  /** Sends mails one after the other, beside the plan, with the state at the time they became due. */
  function mail(which: Mail): void {
    const withState = { ...input, state: retries.state! };
    const send = () => MAIL[which](withState);
    learn({ mailed: which });
    mailsPending++;
    mails = mails.then(() => inbox.settle(MAILS, send)).finally(() => mailsPending--);
  }
}

/** "2e présentation": the first retry is the second presentation of the debit. */
const presentation = ({ numero }: { numero: number }): string => `${numero + 1}e présentation`;

/** The mails, with the names of their activities in the UI. */
const MAIL: Record<Mail, (at: WithState) => Promise<void>> = {
  rejection: (at) =>
    doing(`dit au client le rejet de la ${presentation(at.state.rejected!)}`).tellOfRejection(at),
  prenotification: (at) => doing('prénotification au client').prenotifyRetry(at),
  announcement: (at) => doing(`annonce au client la ${presentation(at.state)}`).announceRetry(at),
};

/** The steps in words. */
const IN_WORDS: Record<Waited['do'], (state: RetryState) => string> = {
  announce: (state) => `annonce au client de la ${presentation(state)}`,
  submit: (state) => `${presentation(state)} à la banque`,
  check: (state) => `contrôle de la ${presentation(state)}`,
};

/** The present wait in words: what for, and until when. */
function waitInWords(what: Waited['do'], state: RetryState): string {
  const { quand, annonceQuand, silenceQuand } = state;
  const when = {
    announce: annonceQuand ? `, le ${annonceQuand}` : '',
    submit: `, le ${quand}`,
    check: `, chaque jour${silenceQuand ? ` jusqu’au ${silenceQuand}` : ''}`,
  };
  return IN_WORDS[what](state) + when[what];
}

const ofPayment = ({ paymentId, numero: facture }: PaymentRetryInput): string =>
  facture ? `du paiement de la facture ${facture}` : `du paiement ${paymentId}`;

/** A schedule in words. */
function describe(state: RetryState, input: PaymentRetryInput): string {
  const { statut, quand, annonceQuand, silenceQuand, motifFin } = state;
  const payment = ofPayment(input);
  switch (statut) {
    case 'PLANIFIE':
      return `${presentation(state)} ${payment}, prévue le ${quand}${annonceQuand ? `; annonce au client le ${annonceQuand}` : ''}`;
    case 'EN_COURS':
      return `${presentation(state)} ${payment} à la banque, réponse attendue${silenceQuand ? ` jusqu’au ${silenceQuand}` : ''}`;
    case 'ENCAISSE':
      return `Paiement ${input.paymentId} encaissé${motifFin && `: ${motifFin}`}`;
    case 'EPUISE':
      return `Nouvelles présentations ${payment} épuisées: ${motifFin}`;
    case 'ARRETE':
      return `Nouvelles présentations ${payment} arrêtées: ${motifFin}`;
  }
}
