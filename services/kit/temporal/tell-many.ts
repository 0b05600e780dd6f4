import type { Db } from '@crm/db';
import {
  IssueCommande,
  ResultatCommande,
  type Cible,
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
  /** Those of a filter, the next ones first: how many there are, and as many of them as are asked for. */
  meet(filter: Filter, most: number, signal: AbortSignal): Promise<{ count: number; found: Named[] }>;
  stateOf(answer: Answer): State;
};

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
export function tellMany<Filter extends { organisationId: string; clientId: string }, Answer>(
  of: ManyOf<Filter, Answer>,
) {
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
async function choice<Filter extends { organisationId: string; clientId: string }>(
  { find, idsOf, meet }: ManyOf<Filter, never>,
  cibles: Cible[],
  filtre: Filter | undefined,
  signal: AbortSignal,
): Promise<ResultatCommande[]> {
  if (filtre && cibles.length > 0) throw invalid('filtre', 'must be left out where cibles say which');
  if (filtre) {
    if (!filtre.organisationId && !filtre.clientId)
      throw invalid('filtre', 'must say an organisation or a client');
    const { count, found } = await meet(filtre, MOST, signal);
    if (count > MOST)
      throw failedPrecondition(
        'TROP_DE_SUIVIS',
        `filtre: meets ${count}, and at most ${MOST} are told at once`,
      );
    return found.map((one) => toTell(one.id, one));
  }
  if (cibles.length === 0) throw invalid('cibles', 'must say which, or filtre');
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
