import { startOfDay } from '@crm/domain';
import { nextSendTime, type NextOpenDay } from '@crm/relance/next-send-time';
import { dueAt, type InvoiceDates, type Level } from '@crm/relance/due-at';

/**
 * The longest wait of a failing attempt for its next try. Once there is a worker, due reminders go out within
 * this time.
 */
export const LATEST_MS = 11 * 60_000;

/** What was done, when, and the answer. */
export type Happened = { ms: number } & (
  | { op: 'told' | 'paidTold' }
  | { op: 'counted'; cents: number }
  | { op: 'pause'; jusquAu: string }
  | { op: 'migrate'; levels: Level[] }
  | { op: 'debit'; id: number; cents: number }
  /** The bank's last word about a debit: it takes nothing any more. */
  | { op: 'word'; id: number }
  | { op: 'dueDate'; dateEcheance: string }
  /** `until`: when the promised day is over; Infinity: until it is lifted. */
  | { op: 'hold'; until: number }
  | { op: 'lift' }
  | { op: 'resume' | 'cancel' | 'skip' | 'sendNow' | 'down' | 'up' | 'end' }
);

/** The expected result. For commands: whether each was accepted, in order. */
export type Expected = {
  mails: { niveau: number; restantDu: number; ms: number }[];
  statut: string;
  accepted: boolean[];
};

/**
 * Computes what must follow for an invoice's reminders, in one pass over what happened, without workflows,
 * signals or retries. The order and number of events do not matter, only what was true when something was
 * due.
 */
export async function expectedReminders(
  happened: Happened[],
  { levels, dates: datesAtFirst, montant, nextOpenDay, sentMs }: Given,
): Promise<Expected> {
  const mails: Expected['mails'] = [];
  const accepted: boolean[] = [];
  let dates = datesAtFirst;
  /** What each debit under way takes at most. */
  const debits = new Map<number, number>();
  type Waiting = Level & { ms: number; isAsked?: boolean };
  const queueOf = (rules: Level[]): Waiting[] =>
    rules.map((level) => ({ ...level, ms: dueAt(level, dates).getTime() }));
  let queue = queueOf(levels);
  let lastDone = 0;
  let restantDu = montant;
  let statut: string | undefined;
  let isUp = true;
  let hasNews = false;
  /** Nothing is sent before this: the start, the end of a pause, the worker's return. */
  let notBefore = 0;
  /** Reminders that wait for a debit look again from then on. */
  let lookAgain = 0;
  let pausedUntil: number | undefined;
  let lastSent: Date | undefined;

  const taken = () =>
    Math.min(
      restantDu,
      [...debits.values()].reduce((sum, cents) => sum + cents, 0),
    );
  let holds: number[] = [];
  /** When all holds are over, if that is known. */
  const promisedUntil = () => (holds.includes(Infinity) ? 0 : Math.max(0, ...holds));
  const isHeld = (ms: number) => taken() >= restantDu || holds.some((until) => until > ms);
  const isOpen = () => statut === 'EN_ATTENTE' || statut === 'EN_PAUSE';
  const settleIfPaid = () => {
    if (restantDu <= 0) statut = 'SOLDEE';
    return restantDu <= 0;
  };
  /** The level that comes next is done with, and those that gave way to it. */
  const leave = (next: Waiting) => {
    queue = queue.slice(queue.indexOf(next) + 1);
    lastDone = next.niveau;
    if (queue.length === 0) statut = 'ACHEVEE';
  };
  /** Levels that are not done follow other rules now. One that a person asked for is still asked for. */
  const migrate = (rules: Level[]) => {
    const asked = queue.find(({ isAsked }) => isAsked);
    queue = queueOf(rules)
      .filter(({ niveau }) => niveau > lastDone)
      .map((level) => (level.niveau === asked?.niveau ? { ...level, ms: asked.ms, isAsked: true } : level));
    if (queue.length === 0) statut = 'ACHEVEE';
  };
  const comesNext = async (): Promise<{ level: Waiting; ms: number }> => {
    const none = { level: queue[0]!, ms: Infinity };
    if (!isOpen() || pausedUntil === Infinity) return none;
    for (const [index, level] of queue.entries()) {
      const later = queue[index + 1];
      const wished = new Date(Math.max(level.ms, notBefore, lookAgain, promisedUntil(), pausedUntil ?? 0));
      const at = await nextSendTime(wished, level, lastSent, nextOpenDay);
      const sent = { level, ms: at.getTime() };
      if (!later || level.isAsked) return sent;
      // both in time, one after the other: the first gives way where the second would have gone out by now
      const inTime = await nextSendTime(new Date(level.ms), level, undefined, nextOpenDay);
      const laterInTime = await nextSendTime(new Date(later.ms), later, inTime, nextOpenDay);
      if (laterInTime > at) return sent;
    }
    return none;
  };
  const advance = async (to: number) => {
    while (isUp) {
      const { level, ms } = await comesNext();
      if (ms > to || settleIfPaid()) return;
      if (isHeld(ms)) {
        const hour = new Date(ms + 3_600_000);
        lookAgain = (await nextSendTime(hour, level, undefined, nextOpenDay)).getTime();
        continue;
      }
      lookAgain = 0;
      mails.push({ niveau: level.niveau, restantDu: restantDu - taken(), ms });
      // a mail that was sent late counts from then for the next one's distance
      const late = (sentMs[mails.length - 1] ?? ms) - ms;
      lastSent = new Date(late > 0 && late < LATEST_MS ? ms + late : ms);
      pausedUntil = undefined;
      leave(level);
    }
  };
  for (const one of happened) {
    await advance(one.ms);
    // whatever is planned again is planned from now on
    const again = () => (lookAgain = 0);
    switch (one.op) {
      case 'told':
      case 'paidTold':
        // running reminders learn nothing from an invoice's creation
        if (one.op === 'told' && statut !== undefined) break;
        if (statut === undefined) [statut, notBefore] = ['EN_ATTENTE', one.ms];
        // paid after the last reminder
        if (statut === 'ACHEVEE') settleIfPaid();
        if (!isUp) hasNews = true;
        else if (isOpen()) settleIfPaid();
        again();
        break;
      case 'debit':
        debits.set(one.id, one.cents);
        break;
      case 'hold':
      case 'lift':
      case 'dueDate':
      case 'word':
        if (one.op === 'hold') holds.push(one.until);
        else if (one.op === 'lift') holds = [];
        else if (one.op === 'word') debits.delete(one.id);
        else {
          dates = { ...dates, dateEcheance: one.dateEcheance };
          for (const level of queue) if (!level.isAsked) level.ms = dueAt(level, dates).getTime();
        }
        if (isUp) notBefore = Math.max(notBefore, one.ms);
        if (!isUp) hasNews = true;
        else if (isOpen()) settleIfPaid();
        again();
        break;
      case 'counted':
        restantDu = Math.max(0, restantDu - one.cents);
        break;
      case 'down':
        isUp = false;
        break;
      case 'up':
        isUp = true;
        // for an overdue level the invoice is read at once, at any hour
        if (isOpen() && (hasNews || (await comesNext()).ms <= one.ms)) settleIfPaid();
        notBefore = one.ms;
        hasNews = false;
        again();
        break;
      case 'end':
        break;
      default: {
        const isPaused = pausedUntil !== undefined && pausedUntil > one.ms;
        const can = isOpen() && (one.op === 'resume' ? isPaused : one.op === 'sendNow' ? !isPaused : true);
        accepted.push(can);
        if (!can) break;
        if (one.op === 'cancel') statut = 'ANNULEE';
        again();
        const { level } = await comesNext();
        if (one.op === 'skip') leave(level);
        if (one.op === 'sendNow') {
          queue = queue.slice(queue.indexOf(level));
          Object.assign(level, { ms: one.ms, isAsked: true });
        }
        if (one.op === 'pause') pausedUntil = one.jusquAu ? startOfDay(one.jusquAu).getTime() : Infinity;
        if (one.op === 'resume') [pausedUntil, notBefore] = [undefined, one.ms];
        if (one.op === 'migrate') {
          migrate(one.levels);
          notBefore = one.ms;
        }
      }
    }
  }
  return { mails, statut: statut!, accepted };
}

type Given = {
  levels: Level[];
  dates: InvoiceDates;
  montant: number;
  nextOpenDay: NextOpenDay;
  /** When the mails went out. */
  sentMs: number[];
};
