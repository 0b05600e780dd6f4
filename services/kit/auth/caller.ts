import { AsyncLocalStorage } from 'node:async_hooks';
import type { Identity } from './verify-token.ts';

export interface Caller {
  readonly identity: Identity;
  /** The bearer token of the call, for calls on the caller's behalf. Undefined for anonymous calls. */
  readonly token: string | undefined;
}

/**
 * The caller without an acceptable token, while refusals are only reported. Verified identities always have
 * an issuer.
 */
export const ANONYMOUS: Caller = {
  identity: { sub: 'anonymous', issuer: '', service: false },
  token: undefined,
};

const callers = new AsyncLocalStorage<Caller>();

/** The caller of the current call. Undefined outside of calls and in public methods. */
export function currentCaller(): Caller | undefined {
  return callers.getStore();
}

/** Runs a function, and everything it starts, for a caller. */
export function runAsCaller<T>(caller: Caller, run: () => T): T {
  return callers.run(caller, run);
}
