import { addDays, dateInParis, startOfDay } from '@crm/domain';

/** A payment that was promised. */
export type Promised = {
  /** The promised day, YYYY-MM-DD in Paris. */
  date: string;
  /** In cents. */
  montant: bigint;
  /** The day from which it is late, YYYY-MM-DD: the promised day and the days of grace are over. */
  retardLe: string;
};

/** What became of the invoices since the promise. */
export type Facts = {
  /** In cents. */
  received: bigint;
  /** Nothing is left to pay of any invoice. */
  isSettled: boolean;
  /** Debits under way: what each takes, in cents, and its day, YYYY-MM-DD. Empty: not known. */
  debits: { montant: bigint; date: string }[];
};

export type Verdict =
  | { is: 'kept' }
  /** `due`: what was promised up to and including the missed payment, in cents. */
  | { is: 'broken'; missed: Promised; due: bigint }
  /** `nextAt`: when it is to be judged again. */
  | { is: 'open'; nextAt: Date };

/**
 * Judges a promise, or instalments, at an instant. Settled invoices keep it at once. Otherwise it goes on until the last
 * promised day is over, even if everything was received before: what remains is not reminded of sooner. Money that is
 * received early counts for the later instalments. A promise is not broken while the bank has a debit for it: only its
 * word tells whether the money has come.
 * @param promised in order of their days
 */
export function judgePromise(
  promised: Promised[],
  { received, isSettled, debits }: Facts,
  now: Date,
): Verdict {
  if (isSettled) return { is: 'kept' };
  let due = 0n;
  for (const one of promised) {
    due += one.montant;
    const over = startOfDay(addDays(one.date, 1));
    if (now < over) return { is: 'open', nextAt: over };
    if (received >= due) continue;
    const late = startOfDay(one.retardLe);
    if (now < late) return { is: 'open', nextAt: late };
    const underWay = debits
      .filter(({ date }) => date && date < one.retardLe)
      .reduce((sum, { montant }) => sum + montant, 0n);
    if (received + underWay >= due) return { is: 'open', nextAt: startOfDay(addDays(dateInParis(now), 1)) };
    return { is: 'broken', missed: one, due };
  }
  return { is: 'kept' };
}
