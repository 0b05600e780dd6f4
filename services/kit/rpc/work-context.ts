import { AsyncLocalStorage } from 'node:async_hooks';

/** What is known about the current work, anywhere in the code. */
export type WorkContext = {
  /** The same for everything that follows from one call. */
  correlationId: string;
  /** The event that is being handled, in workers and in what they call. */
  eventId?: string | undefined;
  /** When the caller stops waiting. */
  deadline?: Date | undefined;
};

const storage = new AsyncLocalStorage<WorkContext>();

/** The context of the current work, if there is one. */
export const currentWork = (): WorkContext | undefined => storage.getStore();

/** Runs `work` in a context. */
export const inContext = <T>(context: WorkContext, work: () => T): T => storage.run(context, work);
