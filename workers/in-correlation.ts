import { inContext } from '@crm/kit';

/** Runs activities, and the calls they make, under the correlation id of their input, if it has one. */
export const inCorrelation = <A extends object>(activities: A): A =>
  Object.fromEntries(
    Object.entries(activities as Record<string, (...args: unknown[]) => Promise<unknown>>).map(
      ([name, activity]) => [
        name,
        (...args: unknown[]) => {
          const { correlationId } = (args[0] ?? {}) as { correlationId?: string };
          return correlationId ? inContext({ correlationId }, () => activity(...args)) : activity(...args);
        },
      ],
    ),
  ) as A;
