import { randomUUID } from 'node:crypto';
import type { Db } from '@crm/db';
import { currentWork, type Connected, type Methods } from '@crm/kit';
import type { WorkflowCommands } from '@crm/kit/temporal';
import type { InvoiceServiceService } from '@crm/proto/factures/factures';
import type { RelanceServiceService } from '@crm/proto/relance/relance';
import { startOfReminders } from '@crm/workflows/follow-up-starts';
import { adoptableInvoices } from './adoptable-invoices.ts';

/** How many are started at once: the reminders of others are served meanwhile. */
const AT_ONCE = 8;

/** Starts the reminders of invoices from before Suivi, as the operator's `ops adopt` does, and tells how far it is. */
export function adopter(
  db: Db,
  workflows: Pick<WorkflowCommands, 'start'>,
  factures: Pick<Connected<typeof InvoiceServiceService>, 'list'>,
): Methods<typeof RelanceServiceService>['adopter'] {
  return async function* ({ organisationId, invoiceIds }, { caller, signal }) {
    const only = new Set(invoiceIds);
    const adoption = { who: caller.sub, at: new Date().toISOString() };
    const correlationId = currentWork()?.correlationId ?? randomUUID();
    const invoices = [];
    let dejaSuivies = 0;
    for await (const { adoptable, followed } of adoptableInvoices(db, factures, organisationId)) {
      signal.throwIfAborted();
      invoices.push(...adoptable.filter(({ id }) => only.size === 0 || only.has(id)));
      dejaSuivies += followed;
    }
    let reprises = 0;
    for (let at = 0; at < invoices.length; at += AT_ONCE) {
      signal.throwIfAborted();
      const some = invoices.slice(at, at + AT_ONCE);
      const begun = await Promise.all(
        some.map((invoice) => workflows.start(startOfReminders(invoice, { correlationId, adoption }))),
      );
      reprises += begun.filter(Boolean).length;
      dejaSuivies += begun.filter((isNew) => !isNew).length;
      yield { reprises, total: invoices.length, dejaSuivies };
    }
    if (invoices.length === 0) yield { reprises, total: 0, dejaSuivies };
  };
}
