import type { Order, RetryCommandName } from './retry-commands.ts';
import type { Refusal } from './take-commands.ts';

/** The schedule, from the retry service. Instants are ISO 8601, UTC. */
export type RetryState = {
  statut: 'PLANIFIE' | 'EN_COURS' | 'ENCAISSE' | 'EPUISE' | 'ARRETE';
  version: number;
  /** The attempt that is planned or with the bank; 0 if the schedule has ended. */
  numero: number;
  /** When it is submitted, and when the client is told of it. */
  prochaineAt?: string | undefined;
  annonceAt?: string | undefined;
  /** If the bank says nothing until then, the attempt counts as collected. */
  silenceAt?: string | undefined;
  /** The last rejected retry. */
  rejected?: { numero: number; motif: string; at?: string | undefined } | undefined;
  /**
   * It is the first debit with another mandate: the client is told of it like of a new debit, as soon as it
   * is planned.
   */
  prenotify?: boolean;
  /**
   * For people, in Paris time: the planned instant, when the client is told, until when the bank may answer.
   */
  quand: string;
  annonceQuand?: string | undefined;
  silenceQuand?: string | undefined;
  /** Why it has ended. */
  motifFin: string;
};

/**
 * What the client was last told of: the planned instant of an attempt, and the number and time of a
 * rejection.
 */
export type Told = { announced?: string; prenotified?: string; rejected?: number; rejectedAt?: string };

/** What a run knows about its retries. */
export type Retries = {
  /** The service's last answer; undefined until the schedule was read once. */
  state?: RetryState;
  /** News arrived since the reading began. */
  isStale: boolean;
  /** Look at the attempt with the bank now, instead of with tomorrow's check. */
  isNudged: boolean;
  told: Told;
};

/** News for retries. */
export type News =
  /** A rejection or a recorded command: the schedule must be read. */
  | 'changed'
  /** The schedule is being read: later news count as newer. */
  | 'reading'
  /** News that arrived during other work must be looked at now. */
  | 'nudged'
  /** The service's answer to a reading, an attempt, a check or a command. */
  | { answer: RetryState }
  /** A mail is being sent. */
  | { mailed: Mail }
  /** The instant of a step has come, or news arrived before it. */
  | { waited: Waited; hasCome: boolean };

/** The kinds of mails. */
export type Mail = 'rejection' | 'prenotification' | 'announcement';

/** A step at an instant (ISO 8601, UTC): announcing an attempt, making it, or checking its result. */
export type Waited = { do: 'announce' | 'submit' | 'check'; at: string };
/** The next step of retries. */
export type Step = Waited | { do: 'end' };

/** How often the payment is checked while an attempt is with the bank. */
const CHECKED_EVERY_MS = 24 * 3600 * 1000;

export const atStart = (told: Told = {}): Retries => ({ isStale: false, isNudged: false, told });

/** What a run knows after some news. */
export function after(retries: Retries, news: News): Retries {
  if (news === 'changed') return { ...retries, isStale: true };
  if (news === 'reading') return { ...retries, isStale: false };
  if (news === 'nudged') return { ...retries, isNudged: true };
  if ('answer' in news) return { ...retries, state: news.answer };
  if ('mailed' in news)
    return { ...retries, told: { ...retries.told, ...toldBy(news.mailed, retries.state!) } };
  return news.waited.do === 'announce' ? retries : { ...retries, isNudged: !news.hasCome };
}

/** Whether news arrived since the schedule was read, while nobody waited for it. */
export const wasMissed = ({ state, isStale, isNudged }: Retries): boolean =>
  state !== undefined && isStale && !isNudged;

/**
 * The mails that are due about a schedule that was just read, at most one of each kind. An announcement has
 * an instant of its own.
 */
export function mailsDue({ state, told }: Retries): Mail[] {
  const { statut, prenotify, rejected, prochaineAt } = state!;
  const mails: Mail[] = [];
  // the mail about the reason already tells of a stop
  if (rejected && !isTold(rejected, told) && (statut === 'PLANIFIE' || statut === 'EPUISE'))
    mails.push('rejection');
  if (prenotify && !isOver(state!) && told.prenotified !== prochaineAt) mails.push('prenotification');
  return mails;
}

/** The next step at an instant in milliseconds, for a schedule that was just read. */
export function nextStep({ state, told, isNudged }: Retries, nowMs: number): Step {
  const { statut, prochaineAt, annonceAt, silenceAt } = state!;
  if (isOver(state!)) return { do: 'end' };
  if (statut === 'EN_COURS')
    return { do: 'check', at: isNudged ? isoOf(nowMs) : nextCheck(silenceAt, nowMs) };
  if (annonceAt && told.announced !== prochaineAt) return { do: 'announce', at: annonceAt };
  return { do: 'submit', at: prochaineAt! };
}

/** What is wrong with a command's arguments. */
export function fault(name: RetryCommandName, { at, mandatId }: Partial<Order>): Refusal | undefined {
  if (!UNDATED.includes(name) && Number.isNaN(Date.parse(at ?? ''))) {
    return { reason: 'AT', message: 'to when must be said' };
  }
  if (name === 'resume' && !mandatId) return { reason: 'MANDAT', message: 'with which mandate must be said' };
  return undefined;
}

/** Commands that set no instant. They are also accepted while an attempt is with the bank. */
const UNDATED: RetryCommandName[] = ['cancel', 'migrate'];

/** Why a command is refused. Nothing is refused before the schedule was read. */
export function refusal(
  { state }: { state?: Pick<RetryState, 'statut'> | undefined },
  name: RetryCommandName,
): Refusal | undefined {
  if (!state) return undefined;
  if (name === 'resume') return refusalToResume(state);
  if (isOver(state)) return { reason: 'RETRY_TERMINE', message: 'the retries of this payment have ended' };
  if (state.statut === 'PLANIFIE' || UNDATED.includes(name)) return undefined;
  return { reason: 'TENTATIVE_EN_COURS', message: 'the attempt is with the bank' };
}

/**
 * An ended schedule can continue, unless it was collected. Whether a person cancelled it is known to the
 * retry service.
 */
function refusalToResume({ statut }: Pick<RetryState, 'statut'>): Refusal | undefined {
  if (statut === 'ARRETE' || statut === 'EPUISE') return undefined;
  return statut === 'ENCAISSE'
    ? { reason: 'NOT_ELIGIBLE_PAYMENT_SETTLED', message: 'the payment is settled' }
    : { reason: 'RETRY_EN_COURS', message: 'the retries of this payment are not stopped' };
}

const isOver = ({ statut }: Pick<RetryState, 'statut'>): boolean =>
  statut !== 'PLANIFIE' && statut !== 'EN_COURS';

/** The same attempt can be rejected again, if it was collected after all and then returned. */
function isTold({ numero, at }: NonNullable<RetryState['rejected']>, told: Told): boolean {
  const isAgain = numero === told.rejected && !!at && !!told.rejectedAt && at > told.rejectedAt;
  return numero <= (told.rejected ?? 0) && !isAgain;
}

/** What the client knows after a mail. */
function toldBy(mail: Mail, { prochaineAt, rejected }: RetryState): Told {
  if (mail === 'announcement') return { announced: prochaineAt! };
  if (mail === 'prenotification') return { prenotified: prochaineAt! };
  return { rejected: rejected!.numero, ...(rejected!.at && { rejectedAt: rejected!.at }) };
}

/** A day from now, or the instant at which silence means collected, if that is sooner. */
function nextCheck(silenceAt: string | undefined, nowMs: number): string {
  const tomorrow = nowMs + CHECKED_EVERY_MS;
  const silence = silenceAt ? Date.parse(silenceAt) : Infinity;
  return isoOf(silence > nowMs ? Math.min(tomorrow, silence) : tomorrow);
}

const isoOf = (ms: number): string => new Date(ms).toISOString();
