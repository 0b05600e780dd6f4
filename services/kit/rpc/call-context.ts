import type { Tx } from '@crm/db';
import type { Identity } from '../auth/index.ts';

/** What a method knows of the call it answers, beside the request. */
export type Call = {
  /** Who calls. */
  caller: Identity;
  /** Aborted when the caller has gone or the deadline has passed. */
  signal: AbortSignal;
  /**
   * Of the call's idempotency key, its caller and its method; undefined without a key. What the call sets off
   * outside of the database is named by it, so that a repeat is known there too.
   */
  repeatId: string | undefined;
  /**
   * Whether the call repeats one that has been answered, by its idempotency key: what others know of its request may
   * have changed since, and is not asked again.
   */
  isRepeat(): Promise<boolean>;
  /**
   * Runs `effect` in one transaction, and only once for the call's idempotency key: a repeat is answered with the
   * first result. Without a key it is a plain transaction. Every method that creates something goes through it.
   */
  once<R>(effect: (tx: Tx) => Promise<R>, repeat?: Repeat<R>): Promise<R>;
};

/** How a handler's repeated call reads its first result again: by default the result's `id`, and no way back. */
export type Repeat<R> = {
  /** What to remember of the result, in `processed_events.result_id`. */
  idOf: (result: R) => string;
  /** Reads it again. */
  read: (tx: Tx, id: string) => Promise<R>;
};
