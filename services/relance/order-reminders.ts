import type { Db } from '@crm/db';
import { currentWork, failedPrecondition, type Call } from '@crm/kit';
import { followUpTeller, type WorkflowCommands } from '@crm/kit/temporal';
import type { Relance } from '@crm/proto/relance/relance';
import { startOfReminders } from '@crm/workflows/follow-up-starts';
import { relanceWorkflowId } from '@crm/workflows/ids';
import type { ReminderCommand } from '@crm/workflows/reminder-commands';
import { refusal, type ReminderState } from '@crm/workflows/reminder-state';
import { hasEnded } from './apply-action.ts';
import { readInvoices, type InvoiceSource } from './read-invoices.ts';
import { findRow, relanceEntity, type RelanceRow } from './relance-rows.ts';

/** What becomes of a command that has been checked. */
export type Orders = {
  /** Answers a repeat of a command that was carried out. */
  claim(id: string, call: Call): Promise<Relance>;
  /** @param said the command without its author */
  order(row: RelanceRow, name: ReminderCommand, said: object, call: Call): Promise<Relance>;
};

/** Sends commands to the workflow of the reminders; one that should run and does not is started with its command. */
export function orderReminders(db: Db, workflows: WorkflowCommands, factures: InvoiceSource): Orders {
  const { claim, tell } = followUpTeller(db, workflows, relanceEntity(db).repeat);
  return {
    claim,
    order({ id, invoiceId, clientId, organisationId }, name, said, call) {
      const revive = async () => {
        // read again: only reminders that have not ended may run again
        if (hasEnded(await findRow(db, id))) return undefined;
        const invoice = (await readInvoices(factures, [invoiceId], call.signal)).get(invoiceId);
        const correlationId = currentWork()?.correlationId ?? '';
        const of = invoice && { id: invoiceId, numero: invoice.numero, clientId, organisationId };
        return of && startOfReminders(of, { correlationId });
      };
      return tell(id, { workflowId: relanceWorkflowId(invoiceId), revive }, name, said, call);
    },
  };
}

/** Sends nothing, and refuses what the workflow would refuse: for a simulation. */
export function lookAtReminders(db: Db): Orders {
  const reminders = relanceEntity(db);
  return {
    claim: (id) => reminders.read(db, id),
    async order({ id }, name) {
      const one = await reminders.read(db, id);
      const { pauseFinAt, prochainNiveau } = one;
      const statut = one.statut as ReminderState['statut'];
      const next = prochainNiveau > 0 && !hasEnded(one) && { next: prochainNiveau };
      const pause = pauseFinAt && { pauseEndsAt: pauseFinAt.toISOString() };
      const refused = refusal({ state: { statut, ...next, ...pause } }, name, Date.now());
      if (refused) throw failedPrecondition(refused.reason, refused.message);
      return one;
    },
  };
}
