import type { Order, RetryCommandName } from './retry-commands.ts';
import type { Refusal } from './take-commands.ts';

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

/**
 * The planned instant of the attempt, and the number of the rejected one and when it was, that the client was last told
 * of.
 */
export type Told = { announced?: string; prenotified?: string; rejected?: number; rejectedAt?: string };

/** What a run knows of its retries. */
export type Retries = {
  /** As the service answered last; undefined until it was read once. */
  state?: RetryState;
  /** Something was heard since it began to be read. */
  isStale: boolean;
  /** What the bank has is looked at once now, and not with the check of tomorrow. */
  isNudged: boolean;
  told: Told;
};

/** What retries learn. */
export type News =
  /** A rejection, or a command that was recorded: the schedule has to be read. */
  | 'changed'
  /** It is being read: what is heard from now on is heard after it. */
  | 'reading'
  /** What was heard while something else was under way is to be looked at now. */
  | 'nudged'
  /** The service's answer to a reading, an attempt, a check or a command. */
  | { answer: RetryState }
  /** A mail is on its way. */
  | { mailed: Mail }
  /** The instant of a step has come; or something was heard before it. */
  | { waited: Waited; hasCome: boolean };

/** What the client is told of. */
export type Mail = 'rejection' | 'prenotification' | 'announcement';

/** What is done at its instant (ISO 8601, UTC): telling the client of an attempt, making it, looking what became of it. */
export type Waited = { do: 'announce' | 'submit' | 'check'; at: string };
/** What retries do next. */
export type Step = Waited | { do: 'end' };

/** How often the payment is looked at while an attempt is with the bank. */
const CHECKED_EVERY_MS = 24 * 3600 * 1000;

export const atStart = (told: Told = {}): Retries => ({ isStale: false, isNudged: false, told });

/** What a run knows after news. */
export function after(retries: Retries, news: News): Retries {
  if (news === 'changed') return { ...retries, isStale: true };
  if (news === 'reading') return { ...retries, isStale: false };
  if (news === 'nudged') return { ...retries, isNudged: true };
  if ('answer' in news) return { ...retries, state: news.answer };
  if ('mailed' in news)
    return { ...retries, told: { ...retries.told, ...toldBy(news.mailed, retries.state!) } };
  return news.waited.do === 'announce' ? retries : { ...retries, isNudged: !news.hasCome };
}

/** Something was heard, since the schedule was read, by nobody who waited for it. */
export const wasMissed = ({ state, isStale, isNudged }: Retries): boolean =>
  state !== undefined && isStale && !isNudged;

/** The mails about a schedule that was just read. One of each; an announcement has an instant of its own. */
export function mailsDue({ state, told }: Retries): Mail[] {
  const { statut, prenotify, rejected, prochaineAt } = state!;
  const mails: Mail[] = [];
  // a stop is told by the mail about its reason
  if (rejected && !isTold(rejected, told) && (statut === 'PLANIFIE' || statut === 'EPUISE'))
    mails.push('rejection');
  if (prenotify && !isOver(state!) && told.prenotified !== prochaineAt) mails.push('prenotification');
  return mails;
}

/** What is to be done, at an instant in milliseconds, about a schedule that was just read. */
export function nextStep({ state, told, isNudged }: Retries, nowMs: number): Step {
  const { statut, prochaineAt, annonceAt, silenceAt } = state!;
  if (isOver(state!)) return { do: 'end' };
  if (statut === 'EN_COURS')
    return { do: 'check', at: isNudged ? isoOf(nowMs) : nextCheck(silenceAt, nowMs) };
  if (annonceAt && told.announced !== prochaineAt) return { do: 'announce', at: annonceAt };
  return { do: 'submit', at: prochaineAt! };
}

/** What is wrong with what a command says. */
export function fault(name: RetryCommandName, { at, mandatId }: Partial<Order>): Refusal | undefined {
  if (!UNDATED.includes(name) && Number.isNaN(Date.parse(at ?? ''))) {
    return { reason: 'AT', message: 'to when must be said' };
  }
  if (name === 'resume' && !mandatId) return { reason: 'MANDAT', message: 'with which mandate must be said' };
  return undefined;
}

/** Commands that move no attempt to an instant; they are also taken while one is with the bank. */
const UNDATED: RetryCommandName[] = ['cancel', 'migrate'];

/** Why a command is refused; none is before the schedule was read. */
export function refusal({ state }: Retries, name: RetryCommandName): Refusal | undefined {
  if (!state) return undefined;
  if (name === 'resume') return refusalToResume(state);
  if (isOver(state)) return { reason: 'RETRY_TERMINE', message: 'the retries of this payment have ended' };
  if (state.statut === 'PLANIFIE' || UNDATED.includes(name)) return undefined;
  return { reason: 'TENTATIVE_EN_COURS', message: 'the attempt is with the bank' };
}

/** What has ended goes on, but for what was collected; whether someone cancelled it the retry service knows. */
function refusalToResume({ statut }: RetryState): Refusal | undefined {
  if (statut === 'ARRETE' || statut === 'EPUISE') return undefined;
  return statut === 'ENCAISSE'
    ? { reason: 'NOT_ELIGIBLE_PAYMENT_SETTLED', message: 'the payment is settled' }
    : { reason: 'RETRY_EN_COURS', message: 'the retries of this payment are not stopped' };
}

const isOver = ({ statut }: RetryState): boolean => statut !== 'PLANIFIE' && statut !== 'EN_COURS';

/** The same attempt is rejected again where it was collected after all, and returned. */
function isTold({ numero, at }: NonNullable<RetryState['rejected']>, told: Told): boolean {
  const isAgain = numero === told.rejected && !!at && !!told.rejectedAt && at > told.rejectedAt;
  return numero <= (told.rejected ?? 0) && !isAgain;
}

/** What the client knows of a schedule by a mail. */
function toldBy(mail: Mail, { prochaineAt, rejected }: RetryState): Told {
  if (mail === 'announcement') return { announced: prochaineAt! };
  if (mail === 'prenotification') return { prenotified: prochaineAt! };
  return { rejected: rejected!.numero, ...(rejected!.at && { rejectedAt: rejected!.at }) };
}

/** A day from now, or when the bank's silence means collected, if that is sooner. */
function nextCheck(silenceAt: string | undefined, nowMs: number): string {
  const tomorrow = nowMs + CHECKED_EVERY_MS;
  const silence = silenceAt ? Date.parse(silenceAt) : Infinity;
  return isoOf(silence > nowMs ? Math.min(tomorrow, silence) : tomorrow);
}

const isoOf = (ms: number): string => new Date(ms).toISOString();
