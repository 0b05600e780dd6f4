import { clientName } from '@crm/domain';
import { knownOf, type Connected } from '@crm/kit';
import type { ClientBaseServiceService } from '@crm/proto/clients/clients';
import type { InvoiceServiceService } from '@crm/proto/factures/factures';
import type { FailedRun } from './failed-runs.ts';

/** The names and numbers by which people know what runs are about; empty where they cannot be read. */
export type NamesOf = (runs: FailedRun[]) => Promise<(run: FailedRun) => { client: string; facture: string }>;

/** Reads them with the caller's own token. A service that is away costs names, not the list. */
export const namesOf =
  (
    clients: Connected<typeof ClientBaseServiceService>,
    invoices: Connected<typeof InvoiceServiceService>,
  ): NamesOf =>
  async (runs) => {
    const [known, issued] = await Promise.all([
      knownOf(
        runs.map(({ clientId }) => clientId),
        clients.list,
        (page) => page.clients,
      ).catch(() => undefined),
      knownOf(
        runs.map(({ invoiceId }) => invoiceId),
        invoices.list,
        (page) => page.invoices,
      ).catch(() => undefined),
    ]);
    return ({ clientId, invoiceId }) => {
      const client = known?.get(clientId);
      return { client: client ? clientName(client) : '', facture: issued?.get(invoiceId)?.numero ?? '' };
    };
  };
