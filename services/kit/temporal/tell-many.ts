import type { Db } from '@crm/db';
import {
  IssueCommande,
  ResultatCommande,
  type Cible,
  type Selection,
  type ResultatsCommandes,
} from '@crm/proto/commandes/commandes';
import { status } from '@grpc/grpc-js';
import { createHash } from 'node:crypto';
import PQueue from 'p-queue';
import { planned } from '../effects/planned.ts';
import type { Logger } from '../process/log.ts';
import type { Call } from '../rpc/call-context.ts';
import {
  failedPrecondition,
  invalid,
  invalidFields,
  isRefusal,
  toldOf,
  type FieldFault,
} from '../rpc/errors.ts';
import { readPageToken, writePageToken } from '../rpc/page.ts';
import { DEFAULT_DEADLINE_MS } from '../rpc/handle.ts';
import { currentWork, inContext } from '../rpc/work-context.ts';

/** The most follow-ups of one call. */
const MOST = 500;
/** How many commands are under way at once: others who give commands meanwhile are served as well. */
const AT_ONCE = 8;
/** The longest wait for one of them, so that one follow-up that does not answer holds up few. */
const ONE_MS = 8_000;
/** The part of the call's time that is kept for the answer. */
const MARGIN_MS = 1_500;

/** The most that a call looks at, for a page of a selection. */
const MOST_EXAMINED = 2_000;
/** So many are read and named at once. */
const BATCH = 500;
const DEFAULT_PAGE_SIZE = 50;

/** Which follow-ups a request chooses. */
type Choice<Filter> = { cibles: Cible[]; filtre?: Filter | undefined; motif: string; simulation: boolean };

/** A follow-up as the answer names it. */
export type Named = Omit<ResultatCommande, 'cible' | 'issue' | 'raison' | 'message'>;
/** What a command changes of it. */
type State = Pick<Named, 'statut' | 'numero' | 'prochaineAt' | 'version'>;

/** How follow-ups of one kind are found and named. */
export type ManyOf<Filter, Answer> = {
  db: Db;
  log: Logger;
  /** Those with these ids, of their own or of what they are about; unknown ids are missing. */
  find(ids: string[], signal: AbortSignal): Promise<Named[]>;
  /** The ids by which people may name one. */
  idsOf(one: Named): string[];
  /** How many a filter meets by what their own rows say. */
  count(filter: Filter): Promise<number>;
  /** Those, newest first: so many after the one with an id. */
  read(filter: Filter, after: string | undefined, take: number, signal: AbortSignal): Promise<Named[]>;
  stateOf(answer: Answer): State;
};

/** What other services know of follow-ups and a filter may ask for. */
type AskedOfOthers = { gestionnaireId: string; montantMin: bigint; echueJours: number };
type AnyFilter = AskedOfOthers & { organisationId: string; clientId: string };

/** What a command to one follow-up says. */
type Asked = { id: string; motif: string; versionAttendue?: number | undefined };

type Command<Request, Answer> = (request: Request, call: Call) => Promise<Answer>;

/**
 * Makes of a command to one follow-up one to many: each is given as if it was the only one, with a key of its own, so
 * that a repeat of the whole does nothing twice. What was chosen is recorded with the call's key: a repeat goes on with
 * the same ones, although a filter may meet others by then.
 * @returns the method of a command. `look` is the same command without its effect, for a simulation. The method throws
 *   INVALID_ARGUMENT for a choice that says nothing or too much; FAILED_PRECONDITION TROP_DE_SUIVIS with the number of
 *   those that a filter meets
 */
export function tellMany<Filter extends AnyFilter, Answer>(of: ManyOf<Filter, Answer>) {
  return <Request extends Asked>(tell: Command<Request, Answer>, look: Command<Request, Answer>) =>
    async (
      { cibles, filtre, simulation, ...said }: Omit<Request, keyof Asked> & Choice<Filter>,
      call: Call,
    ): Promise<ResultatsCommandes> => {
      const end = (currentWork()?.deadline?.getTime() ?? Date.now() + DEFAULT_DEADLINE_MS) - MARGIN_MS;
      const choose = async () => summed(await choice(of, cibles, filtre, call.signal));
      const chosen = simulation ? await choose() : await onceChosen(choose, call);
      const seen = new Map(cibles.map((cible) => [cible.id, cible.versionAttendue]));
      let unanswered = 0;
      const one = async (result: ResultatCommande): Promise<void> => {
        // when nobody answers any more, the others are not tried
        if (Date.now() >= end || call.signal.aborted || unanswered >= AT_ONCE) return;
        const { id, cible } = result;
        const request = { ...said, id, versionAttendue: seen.get(cible) } as unknown as Request;
        const deadline = new Date(Math.min(end, Date.now() + ONE_MS));
        const answer = () =>
          simulation
            ? look(request, { ...call, repeatId: undefined })
            : tell(request, callOfOne(of.db, call, id));
        try {
          const state = of.stateOf(await inContext({ ...currentWork()!, deadline }, answer));
          Object.assign(result, state, { issue: simulation ? FAISABLE : FAITE });
          unanswered = 0;
        } catch (error) {
          const { code, reason, message } = toldOf(error);
          if (code === status.INTERNAL) of.log.error({ err: error, id }, 'unexpected error');
          const refusal = code === status.NOT_FOUND ? INTROUVABLE : REFUSEE;
          const issue = isRefusal(error) ? refusal : INCERTAINE;
          Object.assign(result, { issue, raison: reason || status[code], message });
          unanswered = issue === INCERTAINE ? unanswered + 1 : 0;
        }
      };
      const queue = new PQueue({ concurrency: AT_ONCE });
      const open = chosen.resultats.filter(({ issue }) => issue === NON_ATTEINTE);
      await queue.addAll(open.map((result) => () => one(result)));
      return summed(chosen.resultats);
    };
}

const { FAITE, FAISABLE, REFUSEE, INTROUVABLE, INCERTAINE, NON_ATTEINTE } = IssueCommande;

/** What was chosen by the first call with this key. A fault is thrown unless it is a repeat. */
async function onceChosen(
  choose: () => Promise<ResultatsCommandes>,
  call: Call,
): Promise<ResultatsCommandes> {
  const chosen = await planned(choose);
  return await call.once(() => Promise.resolve(chosen()));
}

/** The call of one of many: a key of its own; what is recorded for the whole is not recorded again. */
const callOfOne = (db: Db, call: Call, id: string): Call => ({
  ...call,
  repeatId: call.repeatId && createHash('sha256').update(`${call.repeatId}/${id}`).digest('hex'),
  once: (effect) => db.$transaction(effect),
});

/** Those of a request, none of them told yet. */
async function choice<Filter extends AnyFilter>(
  of: ManyOf<Filter, never>,
  cibles: Cible[],
  filtre: Filter | undefined,
  signal: AbortSignal,
): Promise<ResultatCommande[]> {
  if (filtre && cibles.length > 0) throw invalid('filtre', 'must be left out where cibles say which');
  if (filtre) {
    assertNarrow(filtre);
    const { count, found } = await meet(of, filtre, signal);
    if (count > MOST)
      throw failedPrecondition(
        'TROP_DE_SUIVIS',
        `filtre: meets ${count}, and at most ${MOST} are told at once`,
      );
    return found.map((one) => toTell(one.id, one));
  }
  if (cibles.length === 0) throw invalid('cibles', 'must say which, or filtre');
  const { find, idsOf } = of;
  const found = await find(
    cibles.map(({ id }) => id),
    signal,
  );
  const byId = new Map(found.flatMap((one) => idsOf(one).map((id) => [id, one])));
  const faults: FieldFault[] = [];
  const first = new Map<string, number>();
  const chosen = cibles.map(({ id: cible }, index) => {
    const one = byId.get(cible);
    const key = one?.id ?? cible;
    const earlier = first.get(key);
    if (earlier !== undefined)
      faults.push({ field: `cibles[${index}].id`, description: `is the same as cibles[${earlier}]` });
    else first.set(key, index);
    return one ? toTell(cible, one) : ResultatCommande.fromPartial({ cible, issue: INTROUVABLE });
  });
  if (faults.length > 0) throw invalidFields(faults);
  return chosen;
}

function assertNarrow({ organisationId, clientId }: AnyFilter): void {
  if (!organisationId && !clientId) throw invalid('filtre', 'must say an organisation or a client');
}

/** Those of a filter, the next ones first, if they are not too many; and how many there are. */
async function meet<Filter extends AnyFilter>(
  of: ManyOf<Filter, never>,
  filter: Filter,
  signal: AbortSignal,
): Promise<{ count: number; found: Named[] }> {
  const own = await of.count(filter);
  if (own > MOST && !asksOthers(filter)) return { count: own, found: [] };
  const found: Named[] = [];
  let count = 0;
  for await (const batch of batches(of, filter, undefined, signal)) {
    const fitting = batch.filter((one) => fits(filter, one));
    count += fitting.length;
    if (count <= MOST) found.push(...fitting);
  }
  const at = ({ prochaineAt }: Named) => prochaineAt?.getTime() ?? Infinity;
  // the same instant: the older one
  found.sort((one, other) => at(one) - at(other) || (one.id < other.id ? -1 : 1));
  return { count, found };
}

async function* batches<Filter>(
  { read }: Pick<ManyOf<Filter, never>, 'read'>,
  filter: Filter,
  after: string | undefined,
  signal: AbortSignal,
): AsyncGenerator<Named[]> {
  for (;;) {
    signal.throwIfAborted();
    const batch = await read(filter, after, BATCH, signal);
    if (batch.length > 0) yield batch;
    if (batch.length < BATCH) return;
    after = batch.at(-1)!.id;
  }
}

const asksOthers = ({ gestionnaireId, montantMin, echueJours }: AskedOfOthers): boolean =>
  gestionnaireId !== '' || montantMin > 0n || echueJours > 0;

/** Whether one is what a filter asks for, by what other services know of it. */
function fits({ gestionnaireId, montantMin, echueJours }: AskedOfOthers, one: Named): boolean {
  if (gestionnaireId && one.gestionnaireId !== gestionnaireId) return false;
  if (one.montant < montantMin) return false;
  return one.retardJours >= echueJours;
}

/**
 * A page of what a filter meets, newest first. Ids are UUIDv7: a page neither repeats nor misses one, whatever becomes of
 * them meanwhile.
 * @throws {RpcError} INVALID_ARGUMENT `filtre`: neither an organisation nor a client
 */
export const selectMany =
  <Filter extends AnyFilter>(of: Pick<ManyOf<Filter, never>, 'read'>) =>
  async (
    { filtre, pageSize, pageToken }: { filtre?: Filter | undefined; pageSize: number; pageToken: string },
    { signal }: Call,
  ): Promise<Selection> => {
    if (!filtre) throw invalid('filtre', 'must be given');
    assertNarrow(filtre);
    const size = pageSize || DEFAULT_PAGE_SIZE;
    const suivis: ResultatCommande[] = [];
    let after = pageToken ? readPageToken(pageToken) : undefined;
    let examined = 0;
    for await (const batch of batches(of, filtre, after, signal)) {
      for (const one of batch) {
        if (suivis.length === size) return { suivis, nextPageToken: writePageToken(after!) };
        if (fits(filtre, one)) suivis.push(ResultatCommande.fromPartial({ ...one, cible: one.id }));
        after = one.id;
      }
      examined += batch.length;
      if (examined >= MOST_EXAMINED) return { suivis, nextPageToken: writePageToken(after!) };
    }
    return { suivis, nextPageToken: '' };
  };

const toTell = (cible: string, one: Named): ResultatCommande =>
  ResultatCommande.fromPartial({ ...one, cible, issue: NON_ATTEINTE });

function summed(resultats: ResultatCommande[]): ResultatsCommandes {
  const count = (wanted: IssueCommande) => resultats.filter(({ issue }) => issue === wanted).length;
  return {
    resultats,
    faites: count(FAITE),
    faisables: count(FAISABLE),
    refusees: count(REFUSEE),
    introuvables: count(INTROUVABLE),
    incertaines: count(INCERTAINE),
    nonAtteintes: count(NON_ATTEINTE),
  };
}
