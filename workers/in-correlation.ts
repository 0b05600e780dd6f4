import { inContext } from '@crm/kit';
import { wrapActivities } from './wrap-activities.ts';

/** Runs activities, and the calls they make, under the correlation id of their input, if it has one. */
export const inCorrelation = <A extends object>(activities: A): A =>
  wrapActivities(activities, (activity) => (...args) => {
    const { correlationId } = (args[0] ?? {}) as { correlationId?: string };
    return correlationId ? inContext({ correlationId }, () => activity(...args)) : activity(...args);
  });
