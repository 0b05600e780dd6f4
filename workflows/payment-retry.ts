import {
  allHandlersFinished,
  condition,
  continueAsNew,
  currentUpdateInfo,
  defineQuery,
  defineSignal,
  patched,
  proxyActivities,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import { OperatorsInbox } from './operators-inbox.ts';
import { saidInWords, summary } from './summary.ts';
import { setCommandHandlers, type RetryCommand } from './retry-commands.ts';

/** What a payment's retries are started with: ids. What is planned is read from the retry service. */
export type PaymentRetryInput = {
  scheduleId: string;
  paymentId: string;
  clientId: string;
  invoiceId: string;
  organisationId: string;
  correlationId: string;
  /** Of its invoice, as people call it: "F-2026-0042"; left out where it has none, or nobody said. */
  numero?: string;
  /** Of a run that goes on from an earlier one: what the client has been told of already. */
  told?: Told;
};

/**
 * The planned instant of the attempt, and the number of the rejected one and when it was, that the client was last told
 * of.
 */
type Told = { announced?: string; prenotified?: string; rejected?: number; rejectedAt?: string };

/** The schedule as the retry service has it. Instants are ISO 8601, UTC. */
export type RetryState = {
  statut: 'PLANIFIE' | 'EN_COURS' | 'ENCAISSE' | 'EPUISE' | 'ARRETE';
  version: number;
  /** The attempt that is planned, or with the bank; 0 when it has ended. */
  numero: number;
  /** When it is submitted, and when the client is told of it. */
  prochaineAt?: string | undefined;
  annonceAt?: string | undefined;
  /** From when the bank's silence about it means collected. */
  silenceAt?: string | undefined;
  /** The last of the retries that was rejected. */
  rejected?: { numero: number; motif: string; at?: string | undefined } | undefined;
  /** It is the first debit by another mandate: the client is told of it as of a new one, as soon as it is planned. */
  prenotify?: boolean;
  /** For people, in Paris: the planned instant, when the client is told, until when the bank may answer. */
  quand: string;
  annonceQuand?: string | undefined;
  silenceQuand?: string | undefined;
  /** Why it has ended. */
  motifFin: string;
};

type WithState = PaymentRetryInput & { state: RetryState };

/** What the retries ask of the services. Each re-reads the truth before it acts and may be repeated. */
export type PaymentRetryActivities = {
  /** Reads the schedule. */
  readRetry(input: PaymentRetryInput): Promise<RetryState>;
  /** Tells the client of the attempt, by mail, unless there is nothing to announce any more. */
  announceRetry(input: WithState): Promise<void>;
  /** Tells the client of the first debit by another mandate, by mail, unless there is none to come any more. */
  prenotifyRetry(input: WithState): Promise<void>;
  /** Tells the client that an attempt was rejected, by mail: and of the next one, or that it was the last. */
  tellOfRejection(input: WithState): Promise<void>;
  /** Has the attempt made, or the schedule ended where nothing is to be debited any more; answers what is so now. */
  submitRetry(input: WithState): Promise<RetryState>;
  /** Looks what became of the attempt with the bank; answers what is so now. */
  checkRetry(input: WithState): Promise<RetryState>;
  /** Records a command, with who gave it and why. */
  commandRetry(input: PaymentRetryInput & { command: RetryCommand; commandId: string }): Promise<RetryState>;
  /** Records that an operator has given up. */
  abandonRetry(input: PaymentRetryInput & { motif: string }): Promise<void>;
};

/** An attempt was rejected, and recorded: the schedule is read again. */
export const paymentRejectedSignal = defineSignal('paymentRejected');
/** What is planned, for people and tools that ask. */
export const plan = defineQuery<{ statut: string; numero: number; prochaineAt: string; etape: string }>(
  'plan',
);

const RETRY_FOREVER = { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '10 minutes' };
const doing = (what: string) =>
  proxyActivities<PaymentRetryActivities>({
    startToCloseTimeout: '30 seconds',
    // a service may be down for a weekend: a retry is late then, never lost
    retry: RETRY_FOREVER,
    summary: summary(what),
  });
/** Someone waits for the answer to a command. */
const commanded = (command: RetryCommand) =>
  proxyActivities<PaymentRetryActivities>({
    startToCloseTimeout: '5 seconds',
    retry: { initialInterval: '200 milliseconds', maximumInterval: '1 second', maximumAttempts: 4 },
    summary: summary(saidInWords(WORDS[command.name], command)),
  });
/** Commands as people read them. */
const WORDS: Record<RetryCommand['name'], string> = {
  cancel: 'arrêt',
  replan: 'replanification',
  runNow: 'présentation immédiate demandée',
  resume: 'reprise avec un autre mandat',
  migrate: 'passage à la politique en vigueur',
};

/** What retries are called among failed handlers: the handler that starts them, and their mails. */
const HANDLER = 'retry';
const MAILS = 'email';
/** How often the payment is looked at while an attempt is with the bank. */
const CHECKED_EVERY_MS = 24 * 3600 * 1000;

/**
 * The retries of a rejected payment, `retry/<paymentId>`: each submitted at its planned instant, after the truth was
 * read again; the next one only after the one before was itself rejected. It ends when the payment is collected,
 * when no attempt is left, or when it is stopped. A step that is refused waits, with the run open, for `redrive` or
 * `skip`; the latter stops the retries. A mail that is refused waits beside, and holds nothing up.
 * @param said of a run that goes on from an earlier one: the last command, as people read it
 */
export async function paymentRetry({
  said = '',
  ...input
}: PaymentRetryInput & { said?: string }): Promise<string> {
  let state: RetryState | undefined;
  let etape = '';
  /** The last command, as people read it. */
  let lastSaid = said;
  let stale = false;
  let acting = false;
  let nudged = false;
  const told: Told = { ...input.told };
  let mails: Promise<unknown> = Promise.resolve();
  let mailsPending = 0;
  const inbox = new OperatorsInbox('paymentRetry');
  setHandler(paymentRejectedSignal, () => void (stale = true));
  setHandler(plan, () => {
    return {
      statut: state?.statut ?? '',
      numero: state?.numero ?? 0,
      prochaineAt: state?.prochaineAt ?? '',
      etape,
    };
  });
  setCommandHandlers({
    state: () => state,
    idle: () => condition(() => state !== undefined && !acting),
    async record(command) {
      const commandId = currentUpdateInfo()!.id;
      state = await commanded(command).commandRetry({ ...input, command, commandId });
      lastSaid = saidInWords(WORDS[command.name], command);
      stale = true;
    },
  });

  for (;;) {
    // heard while something else was under way: looked at now, and not with the check of tomorrow
    if (stale && state && !nudged && patched('heard-meanwhile')) nudged = true;
    stale = false;
    const read = await step(() => doing('lit l’échéancier').readRetry(input));
    if (typeof read === 'string') return read;
    state = read;
    tellOfRejection(state);
    say(describe(state, input));
    if (isOver(state)) {
      await condition(() => stale || (mailsPending === 0 && allHandlersFinished()));
      if (stale) continue;
      return etape;
    }
    if (workflowInfo().continueAsNewSuggested && mailsPending === 0 && allHandlersFinished()) {
      await continueAsNew<typeof paymentRetry>({ ...input, told, ...(lastSaid && { said: lastSaid }) });
    }
    if (state.prenotify && told.prenotified !== state.prochaineAt) {
      told.prenotified = state.prochaineAt!;
      mail((at) => doing('prénotification au client').prenotifyRetry({ ...input, state: at }), state);
    }
    if (state.statut === 'PLANIFIE' && told.announced !== state.prochaineAt && state.annonceAt) {
      const announced = await reached(state.annonceAt, announcementInWords(state));
      if (!announced) continue;
      told.announced = state.prochaineAt!;
      mail(
        (at) =>
          doing(`annonce au client la présentation n° ${at.numero}`).announceRetry({ ...input, state: at }),
        state,
      );
      continue;
    }
    const due: string = state.statut === 'PLANIFIE' ? state.prochaineAt! : nextCheck(state, nudged);
    nudged = !(await reached(due, waitInWords(state)));
    if (nudged) continue;
    // a command that came first has its effect first
    await condition(allHandlersFinished);
    if (stale) continue;
    const now: RetryState = state;
    acting = true;
    const acted = await step(() => {
      const { submitRetry, checkRetry } = doing(actInWords(now));
      return (now.statut === 'PLANIFIE' ? submitRetry : checkRetry)({ ...input, state: now });
    });
    acting = false;
    if (typeof acted === 'string') return acted;
    state = acted;
  }

  /** Waits for an instant; false when something has changed before it. One that has passed is no wait. */
  async function reached(instant: string, words: string): Promise<boolean> {
    const ms = Date.parse(instant) - Date.now();
    if (ms <= 0) return !stale;
    return !(await condition(() => stale, ms, { summary: summary(words) }));
  }

  /** What is skipped has stopped the retries; answers why then. */
  async function step<T extends object>(attempt: () => Promise<T>): Promise<T | string> {
    const settled = await inbox.settle(HANDLER, attempt);
    if (settled === 'failed') throw inbox.failure()!;
    if ('answer' in settled) return settled.answer;
    const motif = settled.skipped;
    await inbox.settle(HANDLER, () => doing(`abandon: ${motif}`).abandonRetry({ ...input, motif }));
    say(motif);
    return motif;
  }

  /** Mails go one after the other, beside what is planned. */
  function mail(send: (at: RetryState) => Promise<void>, at: RetryState): void {
    mailsPending++;
    mails = mails.then(() => inbox.settle(MAILS, () => send(at))).finally(() => mailsPending--);
  }

  /** Of each of the retries, once; a stop is told by the mail about its reason. */
  function tellOfRejection(at: RetryState): void {
    const { rejected, statut } = at;
    if (!rejected || isTold(rejected)) return;
    if (statut !== 'PLANIFIE' && statut !== 'EPUISE') return;
    told.rejected = rejected.numero;
    if (rejected.at) told.rejectedAt = rejected.at;
    mail(
      (seen) =>
        doing(`dit au client le rejet n° ${rejected.numero}`).tellOfRejection({ ...input, state: seen }),
      at,
    );
  }

  /** The same attempt is rejected again where it was collected after all, and returned. */
  function isTold({ numero, at }: NonNullable<RetryState['rejected']>): boolean {
    const again = numero === told.rejected && !!at && !!told.rejectedAt && at > told.rejectedAt;
    return numero <= (told.rejected ?? 0) && !again;
  }

  function say(next: string): void {
    etape = next;
    inbox.isAt(lastSaid ? `${next}\n\nDernière commande: ${lastSaid}` : next);
  }
}

const isOver = ({ statut }: RetryState): boolean => statut !== 'PLANIFIE' && statut !== 'EN_COURS';

/** A day from now, or when the bank's silence means collected, if that is sooner; at once after a signal. */
function nextCheck({ silenceAt }: RetryState, nudged: boolean): string {
  if (nudged) return new Date(Date.now()).toISOString();
  const tomorrow = Date.now() + CHECKED_EVERY_MS;
  const silence = silenceAt ? Date.parse(silenceAt) : Infinity;
  return new Date(silence > Date.now() ? Math.min(tomorrow, silence) : tomorrow).toISOString();
}

/** What is waited for, and done then, as a person would tell it. */
const announcementInWords = ({ numero, annonceQuand }: RetryState): string =>
  `annonce au client de la présentation n° ${numero}${annonceQuand ? `, le ${annonceQuand}` : ''}`;

const actInWords = ({ statut, numero }: RetryState): string =>
  statut === 'PLANIFIE'
    ? `présentation n° ${numero} à la banque`
    : `contrôle de la présentation n° ${numero}`;

const waitInWords = (state: RetryState): string => {
  const { statut, quand, silenceQuand } = state;
  if (statut === 'PLANIFIE') return `${actInWords(state)}, le ${quand}`;
  return `${actInWords(state)}, chaque jour${silenceQuand ? ` jusqu’au ${silenceQuand}` : ''}`;
};

/** A schedule as a person would tell it. */
function describe(state: RetryState, { paymentId, numero: facture }: PaymentRetryInput): string {
  const { statut, numero, quand, annonceQuand, silenceQuand, motifFin } = state;
  const payment = facture ? `du paiement de la facture ${facture}` : `du paiement ${paymentId}`;
  switch (statut) {
    case 'PLANIFIE':
      return `Nouvelle présentation n° ${numero} ${payment}, prévue le ${quand}${annonceQuand ? `; annonce au client le ${annonceQuand}` : ''}`;
    case 'EN_COURS':
      return `Présentation n° ${numero} ${payment} à la banque, réponse attendue${silenceQuand ? ` jusqu’au ${silenceQuand}` : ''}`;
    case 'ENCAISSE':
      return `Paiement ${paymentId} encaissé${motifFin && `: ${motifFin}`}`;
    case 'EPUISE':
      return `Nouvelles présentations ${payment} épuisées: ${motifFin}`;
    case 'ARRETE':
      return `Nouvelles présentations ${payment} arrêtées: ${motifFin}`;
  }
}
