import type { Db } from '@crm/db';
import { todayInParis } from '@crm/domain';
import { currentWork, failedPrecondition, invalid, RpcError, type Call, type Methods } from '@crm/kit';
import { followUpTeller, type WorkflowCommands } from '@crm/kit/temporal';
import type { Relance, RelanceServiceService } from '@crm/proto/relance/relance';
import { startOfReminders } from '@crm/workflows/follow-up-starts';
import { relanceWorkflowId } from '@crm/workflows/ids';
import type { ReminderCommand, ReminderCommands } from '@crm/workflows/reminder-commands';
import { status } from '@grpc/grpc-js';
import { hasEnded } from './apply-action.ts';
import type { HeldBack } from './held-back.ts';
import { readInvoices, type InvoiceSource } from './read-invoices.ts';
import { assertSendable } from './record-progress.ts';
import { targetRules } from './regles-relance.ts';
import { findRow, relanceEntity, type RelanceRow } from './relance-rows.ts';

/**
 * The commands of business users for the reminders of an invoice: updates of its workflow, which accepts or
 * refuses them, and records the accepted ones with author and reason.
 */
export function commands(
  db: Db,
  workflows: WorkflowCommands,
  heldBack: HeldBack,
  factures: InvoiceSource,
): Pick<
  Methods<typeof RelanceServiceService>,
  'pause' | 'resume' | 'sendNow' | 'skip' | 'cancel' | 'migrer'
> {
  const teller = followUpTeller(db, workflows, relanceEntity(db).repeat);
  async function tell<C extends ReminderCommand>(
    name: C,
    { id, motif, ...rest }: { id: string; motif: string } & Omit<ReminderCommands[C], 'who' | 'why'>,
    call: Call,
    known?: RelanceRow,
  ): Promise<Relance> {
    const row = known ?? (await findRow(db, id));
    const { invoiceId, clientId, organisationId } = row;
    const revive = async () => {
      // read again: only reminders that have not ended may run again
      if (hasEnded(await findRow(db, row.id))) return undefined;
      const invoice = (await readInvoices(factures, [invoiceId], call.signal)).get(invoiceId);
      const correlationId = currentWork()?.correlationId ?? '';
      const of = invoice && { id: invoiceId, numero: invoice.numero, clientId, organisationId };
      return of && startOfReminders(of, { correlationId });
    };
    const to = { workflowId: relanceWorkflowId(invoiceId), revive };
    return await teller.tell(row.id, to, name, { ...rest, why: motif }, call).catch((error: unknown) => {
      const isNotRunning = error instanceof RpcError && error.code === status.FAILED_PRECONDITION;
      throw isNotRunning && hasEnded(row)
        ? failedPrecondition('RELANCE_TERMINEE', `the reminders have ended: ${row.statut}`)
        : error;
    });
  }
  return {
    pause: (request, call) => {
      if (request.jusquAu && request.jusquAu <= todayInParis())
        throw invalid('jusquAu', 'must be after today');
      return tell('pause', request, call);
    },
    resume: (request, call) => tell('resume', request, call),
    sendNow: async (request, call) => {
      const row = await findRow(db, request.id);
      const { attente, montantPreleve } = (await heldBack([row]))(row);
      if (attente) {
        const instead = montantPreleve
          ? 'wait for the bank’s word, or have the rule remind in spite of a debit: malgre_prelevement'
          : 'finish the task, or end it: relance.AttenteRelanceService/Lever';
        throw failedPrecondition('RELANCE_RETENUE', `the reminders are held back (${attente}): ${instead}`);
      }
      // checked before the command is sent; the check that counts is made when it is carried out
      const invoice = (await readInvoices(factures, [row.invoiceId], call.signal)).get(row.invoiceId);
      if (invoice && !hasEnded(row)) assertSendable(row, row.prochainNiveau, invoice.dateEcheance);
      return await tell('sendNow', request, call, row);
    },
    skip: (request, call) => tell('skip', request, call),
    cancel: (request, call) => tell('cancel', request, call),
    migrer: async (request, call) => {
      // checked before the command is sent; the check that counts is made when it is carried out
      const row = await findRow(db, request.id);
      await targetRules(db, row.organisationId, request.regleId);
      return await tell('migrate', request, call, row);
    },
  };
}
