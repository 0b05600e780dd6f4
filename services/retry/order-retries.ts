import type { Db } from '@crm/db';
import { currentWork, failedPrecondition, orUndefined, type Call, type Connected } from '@crm/kit';
import { followUpTeller, type WorkflowCommands } from '@crm/kit/temporal';
import type { InvoiceServiceService } from '@crm/proto/factures/factures';
import type { RetrySchedule } from '@crm/proto/retry/retry';
import { startOfRetries } from '@crm/workflows/follow-up-starts';
import { retryWorkflowId } from '@crm/workflows/ids';
import type { Order, RetryCommandName } from '@crm/workflows/retry-commands';
import { refusal, type RetryState } from '@crm/workflows/retry-state';
import { LIVE, readSchedule, scheduleRepeat, scheduleRow, type ScheduleRow } from './schedules.ts';

/** The content of a command without its author. */
export type Said = Omit<Order, 'who'>;

/** What becomes of a command that has been checked. */
export type Orders = {
  /** Answers a repeat of a command that was carried out. */
  claim(id: string, call: Call): Promise<RetrySchedule>;
  order(row: ScheduleRow, name: RetryCommandName, said: Said, call: Call): Promise<RetrySchedule>;
};

/** Sends commands to the workflow of the retries; one that should run and does not is started with its command. */
export function orderRetries(
  db: Db,
  temporal: WorkflowCommands,
  factures: Pick<Connected<typeof InvoiceServiceService>, 'get'>,
): Orders {
  const { claim, tell } = followUpTeller(db, temporal, scheduleRepeat);
  const numeroOf = async (id: string) => (id ? (await orUndefined(factures.get({ id })))?.numero : undefined);
  return {
    claim,
    order({ id, paymentId }, name, said, call) {
      const revive = async () => {
        // read again: only retries that have not ended may run again, or those that this command continues
        const row = await scheduleRow(db, id);
        const goesOn = LIVE.includes(row.statut);
        if (!goesOn && name !== 'resume') return undefined;
        const correlationId = currentWork()?.correlationId ?? '';
        const numero = await numeroOf(row.invoiceId);
        // of what ended, the client was told at its end
        const told = goesOn ? undefined : { rejected: row.tentativeRejetee - 1 };
        return startOfRetries(row, { correlationId, numero, ...(told && { told }) });
      };
      return tell(id, { workflowId: retryWorkflowId(paymentId), revive }, name, said, call);
    },
  };
}

/** Sends nothing, and refuses what the workflow would refuse: for a simulation. */
export const lookAtRetries = (db: Db): Orders => ({
  claim: (id) => readSchedule(db, id),
  async order(row, name) {
    const refused = refusal({ state: { statut: row.statut as RetryState['statut'] } }, name);
    if (refused) throw failedPrecondition(refused.reason, refused.message);
    return await readSchedule(db, row.id);
  },
});
