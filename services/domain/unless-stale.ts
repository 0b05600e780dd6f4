import { isRefusal, type RpcError } from '@crm/kit';

/** What a person has seen of a follow-up, and what it is now. */
export type Seen = {
  /** The version that was seen. Undefined: not checked. */
  version: number | undefined;
  now: () => Promise<number>;
  /** The refusal that says what has changed since. */
  stale: (seen: number) => Promise<RpcError>;
};

/**
 * Carries out a command unless its follow-up has changed since the person saw it. It is checked before, and after a
 * refusal, which may be because of the change. What counts is the check when the command is recorded.
 * @throws {RpcError} ABORTED VERSION: it has changed
 */
export async function unlessStale<T>(
  { version: seen, now, stale }: Seen,
  carryOut: () => Promise<T>,
): Promise<T> {
  if (seen === undefined) return await carryOut();
  if ((await now()) !== seen) throw await stale(seen);
  return await carryOut().catch(async (error: unknown) => {
    throw isRefusal(error) && (await now()) !== seen ? await stale(seen) : error;
  });
}
