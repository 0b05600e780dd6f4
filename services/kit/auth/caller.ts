import { AsyncLocalStorage } from 'node:async_hooks';
import type { Identity } from './verify-token.ts';

export interface Caller {
  readonly identity: Identity;
  /** The bearer token the call came with, for the calls made on the caller's behalf; anonymous calls have none. */
  readonly token: string | undefined;
}

/** Who calls without an acceptable token while refusals are only reported. No verified identity has no issuer. */
export const ANONYMOUS: Caller = {
  identity: { sub: 'anonymous', issuer: '', service: false },
  token: undefined,
};

const callers = new AsyncLocalStorage<Caller>();

/** Who made the call being handled; undefined outside of calls and in public methods. */
export function currentCaller(): Caller | undefined {
  return callers.getStore();
}

/** Runs a function, and whatever it starts, on behalf of a caller. */
export function runAsCaller<T>(caller: Caller, run: () => T): T {
  return callers.run(caller, run);
}
