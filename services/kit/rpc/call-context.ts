import type { Tx } from '@crm/db';
import type { Identity } from '../auth/index.ts';

/** What a method knows about its call, besides the request. */
export type Call = {
  /** Who calls. */
  caller: Identity;
  /** Aborted when the caller has gone or the deadline has passed. */
  signal: AbortSignal;
  /**
   * Made from the idempotency key, the caller and the method; undefined without a key. Effects outside of the
   * database use it as their id, so that they recognise a repeat.
   */
  repeatId: string | undefined;
  /**
   * Whether the call repeats an answered one, by its idempotency key. Other services are then not asked
   * again, because their data may have changed.
   */
  isRepeat(): Promise<boolean>;
  /**
   * Runs `effect` in one transaction, and once for the call's idempotency key: a repeat gets the first
   * result. Without a key it is a plain transaction. Every method that creates something uses it.
   */
  once<R>(effect: (tx: Tx) => Promise<R>, repeat?: Repeat<R>): Promise<R>;
};

/**
 * How a handler's repeated call reads the first result again. By default: the result's `id`, which cannot be
 * read again.
 */
export type Repeat<R> = {
  /** The value to store in `processed_events.result_id`. */
  idOf: (result: R) => string;
  /** Reads the result by that value. */
  read: (tx: Tx, id: string) => Promise<R>;
};
