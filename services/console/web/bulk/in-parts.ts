import {
  IssueCommande,
  type ResultatCommande,
  type ResultatsCommandes,
} from '../../gen/proto/commandes/commandes_pb.ts';

/** The most that one call takes. */
const PART = 500;

/** A part of what was chosen, and the key under which the service does it once. */
export type Part = { suivis: ResultatCommande[]; key: string; results?: ResultatCommande[] };

/** Parts of what was chosen, in its order. */
export const parts = (suivis: ResultatCommande[]): Part[] =>
  Array.from({ length: Math.ceil(suivis.length / PART) }, (_, index) => ({
    suivis: suivis.slice(index * PART, (index + 1) * PART),
    key: crypto.randomUUID(),
  }));

/** A call that did not reach all is repeated so often; what it did is not done twice. */
const MOST_CALLS = 5;

/**
 * Gives a command to all parts, one after the other. What a call did not reach in its time is reached by the same call again.
 * What was answered is kept in the parts: if this throws, it can be called again and goes on.
 * @param progressed after each call, with how many were answered so far
 */
export async function tellParts(
  all: Part[],
  call: (part: Part) => Promise<ResultatsCommandes>,
  progressed: (answered: number) => void,
): Promise<ResultatCommande[]> {
  for (const part of all) {
    for (let calls = 0; calls < MOST_CALLS && !isAnswered(part); calls += 1) {
      part.results = (await call(part)).resultats;
      progressed(all.reduce((sum, { results = [] }) => sum + results.filter(isFinal).length, 0));
    }
  }
  return all.flatMap(({ results = [] }) => results);
}

const isFinal = ({ issue }: ResultatCommande): boolean =>
  issue !== IssueCommande.NON_ATTEINTE && issue !== IssueCommande.INCERTAINE;

const isAnswered = ({ results }: Part): boolean => results?.every(isFinal) ?? false;
