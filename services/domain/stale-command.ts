import { cutText, otherVersion, type RpcError } from '@crm/kit';
import { authorNames, type Users } from './author-names.ts';
import { formatInstant } from './format-french.ts';

/** Something that was done, from a history; `quoi` in French. */
export type Done = { quoi: string; auteur: string; motif: string; createdAt: Date };

/** How many changes are told, the newest. */
const MOST_TOLD = 3;
const MOTIF_CHARACTERS = 100;

/**
 * The refusal of a command that was given for an older version: what was done since, by whom and when.
 * @param since what was done since then, newest first. Empty: nobody did it, `now` tells
 * @param now the present state in words
 */
export async function staleCommand(
  users: Users,
  { seen, version }: { seen: number; version: number },
  since: Done[],
  now: string,
): Promise<RpcError> {
  const told = since.slice(0, MOST_TOLD);
  // the refusal is what matters: without users it has no names
  const names = await authorNames(
    users,
    told.map(({ auteur }) => auteur),
  ).catch(() => new Map<string, string>());
  const words = told.map(({ quoi, auteur, motif, createdAt }) => {
    const why = motif && ` (${cutText(motif, MOTIF_CHARACTERS)})`;
    return `${quoi} par ${names.get(auteur) ?? auteur} le ${formatInstant(createdAt)}${why}`;
  });
  const others = since.length > told.length ? [`et ${since.length - told.length} autres`] : [];
  return otherVersion(
    `changed since version ${seen}, it is version ${version} now: ${[...words, ...others, now].join('; ')}`,
  );
}
