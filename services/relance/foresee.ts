import { addDays, dateInParis, inParis, startOfDay } from '@crm/domain';
import { ActionRelance, type NiveauRelance } from '@crm/proto/relance/relance';
import { applyAction, hasEnded, isDone, plannedLevel, type State } from './apply-action.ts';
import { currentPlan } from './current-plan.ts';
import { takesTurn, type Way } from './decide-send.ts';
import type { InvoiceDates } from './due-at.ts';
import type { NextOpenDay } from './next-send-time.ts';
import { turnOf, type NextSend } from './plan-next-send.ts';
import { goesAlong } from './who-is-merged.ts';
import { setImmediate } from 'node:timers/promises';

/** The longest time for which a forecast keeps the process to itself, in milliseconds. */
const BREATH_MS = 20;

/** A debit under way. It covers its part of the invoice until the bank's last word. */
export type Debit = {
  /** What it takes of the invoice, in cents. */
  montant: bigint;
  /** When the bank's last word comes: the debit is collected, or no presentation is left. */
  dernierMot: Date;
  /** Whether it is collected then. */
  encaisse: boolean;
  /** "prélèvement de 120,00 € du 3 mars 2026". */
  libelle: string;
};

/** Reminders of an invoice, running or supposed, and what is known about the invoice. */
export type Followed = {
  state: State & { id: string; invoiceId: string };
  /** The next level and its instant as they were planned. Undefined: it is planned from now on. */
  planned?: NextSend | undefined;
  /** The invoice's dates as they are now. Undefined: the levels stay as they were planned. */
  dates?: InvoiceDates | undefined;
  /** What is left to pay, in cents. */
  restantDu: bigint;
  debits?: Debit[];
  /** Nothing goes out before: the end of a hold that has one. */
  pasAvant?: Date | undefined;
  /** How a level that asks for an amount reaches the client when its time comes. Unknown: as its rule says. */
  wayOf?: (level: NiveauRelance, montant: bigint) => Way;
};

/** A level to come. */
export type Coming<One extends Followed = Followed> = {
  one: One;
  level: NiveauRelance;
  /** Undefined: paused without an end. */
  at: Date | undefined;
  /** What is asked for: what is left then, without what debits under way take of it. In cents. */
  montant: bigint;
  way: Way;
  /** The reminder of another invoice of the client from which it keeps its distance. */
  after: One | undefined;
  /** The debits whose last word it has waited for. */
  waitedFor: Debit[];
  /** The reminder of another invoice that takes it along in its mail. */
  along: One | undefined;
};

/** What comes, in order of time, and the state in which each is then. */
export type Foresight<One extends Followed = Followed> = { coming: Coming<One>[]; ends: Map<One, State> };

/** What plans depend on besides the reminders themselves. */
export type Ground = {
  now: Date;
  /** The end of the forecast. */
  until: Date;
  /** The client's last reminder, for any invoice. */
  turn: { envoi: string; dernierAt: Date } | null | undefined;
  nextOpenDay: NextOpenDay;
  /** Whether reminders of the client that are due together go out as one mail. */
  merges?: boolean;
  /** Of the caller, who may have gone. */
  signal?: AbortSignal;
};

type Run<One> = {
  one: One;
  state: Followed['state'];
  level?: NiveauRelance | undefined;
  at?: Date | undefined;
  after?: One | undefined;
  waitedFor: Debit[];
  distances: string[];
  /** The client's last reminder when it was planned. */
  plannedAfter: Ground['turn'];
};

/**
 * Foresees the reminders of one client: every level to come of all given invoices, in order of time, if nothing else
 * happens. The one planner behind previews, the agenda, migrations and simulations. It goes from one instant to the
 * next as the workflows do, and at each decides by the function that decides then (`current-plan.ts`); that the workflow
 * does the same is tested on a skipping clock (docs/adr/0040).
 */
export async function foresee<One extends Followed>(
  followed: One[],
  { now, until, turn, nextOpenDay, merges = false, signal }: Ground,
): Promise<Foresight<One>> {
  const coming: Coming<One>[] = [];
  let last = turn;
  let lastOne: One | undefined;
  let spacedFrom = spacing(last);
  let breathedAt = Date.now();
  /** Lets the process serve others: the forecast of a large client takes seconds. */
  const breathe = async (): Promise<void> => {
    if (Date.now() - breathedAt < BREATH_MS) return;
    await setImmediate();
    signal?.throwIfAborted();
    breathedAt = Date.now();
  };

  const planOnce = async (run: Run<One>, from: Date): Promise<void> => {
    run.plannedAfter = last;
    const { one, state } = run;
    run.distances = distancesOf(state);
    const open = state.niveaux.filter((level) => !isDone(level));
    if (!one.dates && open.every(({ dueAt }) => dueAt! > until)) {
      [run.level, run.at] = [open[0], open[0]?.dueAt];
      return;
    }
    const truth = { invoice: one.dates, attente: '', now: from, turn: last, nextOpenDay };
    const { niveaux, prochainNiveau, prochaineAt } = await currentPlan(state, truth);
    run.state = { ...state, niveaux };
    run.distances = distancesOf(run.state);
    run.level = plannedLevel({ niveaux, prochainNiveau });
    run.at = prochaineAt ?? undefined;
  };
  /** Plans the next level from an instant on: after holds, and when debits leave something to remind of. */
  const plan = async (run: Run<One>, from: Date): Promise<void> => {
    const { pasAvant } = run.one;
    await planOnce(run, pasAvant && pasAvant > from ? pasAvant : from);
    while (run.level && run.at && covers(run.one, run.level, run.at)) {
      const word = nextWord(run.one, run.at)!;
      if (!run.waitedFor.includes(word)) run.waitedFor.push(word);
      await planOnce(run, word.dernierMot);
    }
  };
  /** What was planned before the client's last reminder is planned again when its distance from that has passed. */
  const soonest = ({ at, distances, plannedAfter }: Run<One>): number => {
    if (!at) return Infinity;
    if (plannedAfter === last) return at.getTime();
    return Math.max(at.getTime(), Math.min(...distances.map(spacedFrom)));
  };
  // looks at all of them each time, so it is kept cheap: a client may have a thousand invoices
  const next = (): { run?: Run<One>; ms: number } => {
    let first: Run<One> | undefined;
    let ms = Infinity;
    for (const run of runs) {
      const at = hasEnded(run.state) ? Infinity : soonest(run);
      if (at < ms) [first, ms] = [run, at];
    }
    return { ...(first && { run: first }), ms };
  };

  const wayOf = ({ one, level }: Run<One>, at: Date): Way =>
    one.wayOf?.(level!, left(one, at) - covered(one, at)) ?? AS_USUAL;
  const send = async (run: Run<One>, at: Date, along: One | undefined): Promise<void> => {
    const { one, after, waitedFor } = run;
    const level = run.level!;
    const way = wayOf(run, at);
    const montant = left(one, at) - covered(one, at);
    coming.push({ one, level, at, montant, way, after, waitedFor, along });
    const done = action(ACTIONS[way.by], level.niveau, way.motif);
    run.state = { ...run.state, ...applyAction(run.state, done, at) };
    [run.after, run.waitedFor] = [undefined, []];
    if (!hasEnded(run.state)) await plan(run, at > now ? at : now);
  };
  /** The other reminders that go out in the mail of one, as `who-is-merged.ts` decides. */
  const takenAlong = async (run: Run<One>, at: Date): Promise<Run<One>[]> => {
    const joins = async (other: Run<One>): Promise<boolean> => {
      const { one, level } = other;
      if (!level || !other.at || hasEnded(other.state) || level.demandee) return false;
      const isHeld = (one.pasAvant && one.pasAvant > at) || covers(one, level, at) || settledAt(one, at);
      if (isHeld || wayOf(other, at).by !== 'courriel') return false;
      return await goesAlong(level, other.at, at, nextOpenDay);
    };
    if (!(await joins(run))) return [];
    // to be planned again puts nothing earlier: what is not due today does not go along
    const endOfDay = startOfDay(addDays(dateInParis(at), 1));
    const others: Run<One>[] = [];
    for (const other of runs) {
      if (other === run || hasEnded(other.state) || !other.at || other.at >= endOfDay) continue;
      await breathe();
      if (other.plannedAfter !== last) await plan(other, other.at);
      if (await joins(other)) others.push(other);
    }
    return others;
  };

  const runs: Run<One>[] = [];
  for (const one of followed) {
    await breathe();
    const distances = distancesOf(one.state);
    const run: Run<One> = { one, state: one.state, waitedFor: [], distances, plannedAfter: last };
    runs.push(run);
    if (hasEnded(run.state)) continue;
    const { planned } = one;
    if (!planned) await plan(run, now);
    else {
      run.level = plannedLevel({ ...run.state, ...planned });
      run.at = planned.prochaineAt ?? undefined;
    }
  }
  for (;;) {
    await breathe();
    const { run, ms } = next();
    if (!run || ms > until.getTime()) break;
    const at = new Date(ms);
    const { one } = run;
    if (settledAt(one, at)) {
      run.state = { ...run.state, ...applyAction(run.state, action(ActionRelance.SOLDE, 0, SETTLED), at) };
      continue;
    }
    if (run.plannedAfter !== last) {
      if (at > run.at!) run.after = lastOne;
      await plan(run, run.at!);
      continue;
    }
    const others = merges ? await takenAlong(run, at) : [];
    const level = run.level!;
    if (takesTurn(level, wayOf(run, at).by)) {
      [last, lastOne] = [{ envoi: turnOf(run.state, level.niveau), dernierAt: at }, one];
      spacedFrom = spacing(last);
    }
    for (const sent of [run, ...others]) await send(sent, at, sent === run ? undefined : one);
  }
  for (const { one, state, at } of runs) {
    if (at || hasEnded(state)) continue;
    const rest = { montant: one.restantDu, way: AS_USUAL, after: undefined, waitedFor: [], along: undefined };
    for (const level of state.niveaux.filter((level) => !isDone(level)))
      coming.push({ one, level, at, ...rest });
  }
  return { coming, ends: new Map(runs.map(({ one, state }) => [one, state])) };
}

/** The earliest instant that keeps a distance from the last reminder, in milliseconds. */
const spacing = (last: Ground['turn']) => {
  const known = new Map<string, number>();
  return (espacement: string): number => {
    if (!last) return 0;
    const from = known.get(espacement) ?? inParis(last.dernierAt).add(espacement).epochMilliseconds;
    known.set(espacement, from);
    return from;
  };
};

/** The distances that levels to come keep. */
const distancesOf = ({ niveaux }: Pick<State, 'niveaux'>): string[] => [
  ...new Set(niveaux.filter((level) => !isDone(level)).map(({ espacement }) => espacement)),
];

const AS_USUAL: Way = { by: 'courriel', motif: '' };

const ACTIONS: Record<Way['by'], ActionRelance> = {
  courriel: ActionRelance.ENVOI,
  tache: ActionRelance.TACHE_RELANCE,
  saut: ActionRelance.SAUT,
};

/** The reason of an end by debits that are collected. */
const SETTLED = 'facture réglée';

const action = (what: ActionRelance, niveau: number, motif: string) => ({
  ...{ action: what, niveau, motif, pauseJusquAu: '' },
});

const sum = (debits: Debit[]): bigint => debits.reduce((total, { montant }) => total + montant, 0n);

/** What is left of the invoice at an instant. */
const left = ({ restantDu, debits = [] }: Followed, at: Date): bigint =>
  restantDu - sum(debits.filter(({ encaisse, dernierMot }) => encaisse && dernierMot <= at));

/** What debits under way at an instant take of it. */
const covered = ({ debits = [] }: Followed, at: Date): bigint =>
  sum(debits.filter(({ dernierMot }) => dernierMot > at));

const covers = (one: Followed, { malgrePrelevement }: NiveauRelance, at: Date): boolean => {
  const under = malgrePrelevement ? 0n : covered(one, at);
  return under > 0n && under >= left(one, at);
};

const settledAt = (one: Followed, at: Date): boolean => one.restantDu > 0n && left(one, at) <= 0n;

/** The next debit whose last word comes after an instant. */
const nextWord = ({ debits = [] }: Followed, at: Date): Debit | undefined =>
  debits
    .filter(({ dernierMot }) => dernierMot > at)
    .reduce<Debit | undefined>(
      (first, debit) => (first && first.dernierMot <= debit.dernierMot ? first : debit),
      undefined,
    );
