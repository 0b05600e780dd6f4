import type { Call } from '@crm/kit';
import type { WorkflowCommands } from '@crm/kit/temporal';
import type { RetrySchedule } from '@crm/proto/retry/retry';
import { relanceWorkflowId } from '@crm/workflows/ids';
import { LIVE } from './schedules.ts';

type Method<Request> = (request: Request, call: Call) => Promise<RetrySchedule>;

/**
 * A method that, where it leaves a schedule ended, has the reminders of its invoice read again: they wait while a debit
 * covers it. One that is not told, Temporal being away, looks again by itself within the hour.
 */
export const tellReminders =
  ({ signal }: WorkflowCommands, warn: (error: unknown, invoiceId: string) => void) =>
  <Request>(method: Method<Request>): Method<Request> =>
  async (request, call) => {
    const schedule = await method(request, call);
    const { invoiceId, statut } = schedule;
    if (invoiceId && !LIVE.includes(statut))
      await signal(relanceWorkflowId(invoiceId), 'attenteLevee').catch((error: unknown) =>
        warn(error, invoiceId),
      );
    return schedule;
  };
