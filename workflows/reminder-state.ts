import type { ReminderCommand } from './reminder-commands.ts';
import type { Refusal } from './take-commands.ts';

/** The next mail. */
export type NextReminder = {
  niveau: number;
  /** Its title: "Relance J+15 de la facture F-2026-0042". */
  libelle: string;
  /** ISO 8601, UTC. Absent while a pause has no end. */
  at?: string;
  /** The instant for people: "le 1er juin 2026 à 09:00". */
  quand: string;
};

/** The state of the reminders, from the relance service. */
export type ReminderState = {
  relanceId: string;
  /** Of the row. Absent in old runs until they read it again. */
  version?: number;
  statut: 'EN_ATTENTE' | 'EN_PAUSE' | 'ACHEVEE' | 'SOLDEE' | 'ANNULEE';
  next?: NextReminder;
  /** The end of a pause, ISO 8601, UTC. Absent: until resumed. */
  pauseEndsAt?: string;
  /** Why they have ended. */
  motifFin: string;
};

/** What commands depend on. */
type Standing = Pick<ReminderState, 'statut' | 'pauseEndsAt'> & { next?: unknown };

/** What a run knows about its reminders. */
export type Reminder = {
  /** The service's last answer; undefined until the invoice was read once. */
  state?: ReminderState;
  /** The invoice must be read: at the start, and after each news. */
  isStale: boolean;
};

/** News for reminders. */
export type News =
  /** Something was paid, returned or released: the invoice must be read. */
  | 'changed'
  /** The invoice is being read: later news count as newer. */
  | 'reading'
  /** The service's answer to a reading, a mail or a command. */
  | { answer: ReminderState }
  /** An operator gave up the reading, with the reason. */
  | { givenUp: string };

/** The next step of reminders. */
export type Step =
  | { do: 'read' }
  /** `untilMs`: when the mail is due, in milliseconds; absent: until there is news. */
  | { do: 'wait'; untilMs?: number; words: string }
  | { do: 'send'; niveau: number; words: string }
  | { do: 'end'; words: string; motif: string };

export const AT_START: Reminder = { isStale: true };

/** The words for each way of ending. */
const ENDS: Record<ReminderState['statut'], string> = {
  EN_ATTENTE: 'en attente',
  EN_PAUSE: 'en pause',
  ACHEVEE: 'achevées',
  SOLDEE: 'arrêtées',
  ANNULEE: 'annulées',
};

/** What a run knows after some news. */
export function after(reminder: Reminder, news: News): Reminder {
  if (news === 'changed') return { ...reminder, isStale: true };
  if (news === 'reading') return { ...reminder, isStale: false };
  if ('answer' in news) return { ...reminder, state: news.answer };
  return { ...reminder, state: { relanceId: '', statut: 'ANNULEE', motifFin: news.givenUp } };
}

/** The next step at an instant in milliseconds, for the invoice with this number. */
export function nextStep({ state, isStale }: Reminder, numero: string, nowMs: number): Step {
  if (isStale || !state) return { do: 'read' };
  const { next, statut, motifFin: motif } = state;
  if (!next) {
    const words = `Relances de la facture ${numero} ${ENDS[statut]}${motif && `: ${motif}`}`;
    return { do: 'end', words, motif };
  }
  const { niveau, libelle, at, quand } = next;
  const untilMs = at ? Date.parse(at) : undefined;
  if (untilMs !== undefined && untilMs <= nowMs) return { do: 'send', niveau, words: libelle };
  const reprise = at ? `en pause, reprise ${quand}` : `en pause ${quand}`;
  const words = `${libelle}, ${isPaused(state, nowMs) ? reprise : `prévue ${quand}`}`;
  return { do: 'wait', words, ...(untilMs !== undefined && { untilMs }) };
}

/** Why a command is refused at an instant in milliseconds. Nothing is refused before the invoice was read. */
export function refusal(
  { state }: { state?: Standing | undefined },
  command: ReminderCommand,
  nowMs: number,
): Refusal | undefined {
  if (!state) return undefined;
  if (!state.next) {
    return { reason: 'RELANCE_TERMINEE', message: `the reminders have ended: ${state.statut}` };
  }
  const paused = isPaused(state, nowMs);
  if (command === 'resume' && !paused) {
    return { reason: 'RELANCE_PAS_EN_PAUSE', message: 'the reminders are not paused' };
  }
  if (command === 'sendNow' && paused) {
    return { reason: 'RELANCE_EN_PAUSE', message: 'the reminders are paused; resume them first' };
  }
  return undefined;
}

/** Whether it is paused. A pause with a last day ends by itself. */
function isPaused(state: Standing, nowMs: number): boolean {
  if (state.statut !== 'EN_PAUSE') return false;
  return !state.pauseEndsAt || Date.parse(state.pauseEndsAt) > nowMs;
}
