import type { DescMessage } from '@bufbuild/protobuf';
import { orUndefined } from './errors.ts';

/** The name of an organisation under which its rows are. @throws whatever the question throws */
export type OrganisationNamer = (named: string) => Promise<string>;

/** The name of whatever belongs to no organisation. */
export const DEFAULT_ORGANISATION = 'default';

/** The organisation that a request names, or the default. */
export const organisationOrDefault = (named = ''): string => named || DEFAULT_ORGANISATION;

/** An id that Suivi has made (`v7`). Codes and names of other systems need no question. */
const OUR_ID = /^[\da-f]{8}-[\da-f]{4}-7[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/;
/** An id that is no organisation's now is not one's later, unless a backup is restored. */
const UNKNOWN_MS = 60_000;
/** Whoever sends ids of their own, each once, does not fill the memory. */
const MOST_ANSWERS = 10_000;

/**
 * An organisation is called by its id or by its code, and its rows are under its code, which never changes
 * (docs/adr/0047). Answers are kept; without an answer the call fails, because rows under two names would be worse.
 * @param get answers the organisation with an id; rejects with NOT_FOUND if there is none
 */
export function organisationNamer(
  get: (of: { id: string }) => Promise<{ code: string }>,
  now = Date.now,
): OrganisationNamer {
  const answers = new Map<string, { code: Promise<string>; untilMs: number }>();
  return async (named) => {
    if (!OUR_ID.test(named)) return named;
    const kept = answers.get(named);
    if (kept && kept.untilMs > now()) return await kept.code;
    const found = orUndefined(get({ id: named }));
    const answer = { code: found.then((organisation) => organisation?.code ?? named), untilMs: Infinity };
    if (answers.size >= MOST_ANSWERS) answers.delete(answers.keys().next().value!);
    answers.set(named, answer);
    try {
      const code = await answer.code;
      if (!(await found)) answer.untilMs = now() + UNKNOWN_MS;
      return code;
    } catch (error) {
      if (answers.get(named) === answer) answers.delete(named);
      throw error;
    }
  };
}

type Fields = Record<string, unknown>;
type Rename = (plain: Fields, nameOf: OrganisationNamer) => Promise<void>;
const renamers = new Map<DescMessage, Rename | undefined>();

/**
 * Brings each `organisation_id` of a request, and of the messages in it, to the name under which the rows are. Messages
 * in a oneof or a map have none (a test says so).
 * @param plain the request in ts-proto's shape; it is changed
 */
export async function nameOrganisations(
  desc: DescMessage,
  plain: unknown,
  nameOf: OrganisationNamer,
): Promise<void> {
  await renamerOf(desc)?.(plain as Fields, nameOf);
}

/** Undefined: such a message names no organisation. Prepared once per message type. */
function renamerOf(desc: DescMessage): Rename | undefined {
  if (renamers.has(desc)) return renamers.get(desc);
  renamers.set(desc, undefined); // a message within itself is not searched
  const steps = desc.fields.flatMap(({ name, localName, message, oneof, fieldKind }): Rename[] => {
    if (name === 'organisation_id')
      return [
        async (plain, nameOf) => {
          if (plain[localName]) plain[localName] = await nameOf(plain[localName] as string);
        },
      ];
    const rename = message && !oneof && fieldKind !== 'map' ? renamerOf(message) : undefined;
    if (!rename) return [];
    return [
      async (plain, nameOf) => {
        const value = plain[localName] as Fields | Fields[] | undefined;
        for (const one of value === undefined ? [] : [value].flat()) await rename(one, nameOf);
      },
    ];
  });
  if (steps.length > 0)
    renamers.set(desc, async (plain, nameOf) => {
      for (const step of steps) await step(plain, nameOf);
    });
  return renamers.get(desc);
}
