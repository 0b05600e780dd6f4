import { AsyncLocalStorage } from 'node:async_hooks';

/** What is known of the work in hand, wherever the code stands. */
export type WorkContext = {
  /** Ties together everything that one call set off. */
  correlationId: string;
  /** The event being handled, in the workers and in what they call. */
  eventId?: string | undefined;
  /** When the caller stops waiting. */
  deadline?: Date | undefined;
};

const storage = new AsyncLocalStorage<WorkContext>();

/** The context of the current work, if there is one. */
export const currentWork = (): WorkContext | undefined => storage.getStore();

/** Runs `work` in a context. */
export const inContext = <T>(context: WorkContext, work: () => T): T => storage.run(context, work);
