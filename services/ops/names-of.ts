import type { Connected } from '@crm/kit';
import type { ClientBaseServiceService } from '@crm/proto/clients/clients';
import type { InvoiceServiceService } from '@crm/proto/factures/factures';
import type { FailedRun } from './failed-runs.ts';

/** The names and numbers by which people know what runs are about; empty where they cannot be read. */
export type NamesOf = (runs: FailedRun[]) => Promise<(run: FailedRun) => { client: string; facture: string }>;

const AT_ONCE = 200;

/** Reads them with the caller's own token. A service that is away costs names, not the list. */
export const namesOf =
  (
    clients: Connected<typeof ClientBaseServiceService>,
    invoices: Connected<typeof InvoiceServiceService>,
  ): NamesOf =>
  async (runs) => {
    const [names, numbers] = await Promise.all([
      known(
        runs.map(({ clientId }) => clientId),
        async (ids) => (await clients.list({ ids, pageSize: AT_ONCE })).clients,
        ({ raisonSociale, prenom, nom }) => raisonSociale || [prenom, nom].filter(Boolean).join(' '),
      ),
      known(
        runs.map(({ invoiceId }) => invoiceId),
        async (ids) => (await invoices.list({ ids, pageSize: AT_ONCE })).invoices,
        ({ numero }) => numero,
      ),
    ]);
    return ({ clientId, invoiceId }) => ({
      client: names.get(clientId) ?? '',
      facture: numbers.get(invoiceId) ?? '',
    });
  };

async function known<T extends { id: string }>(
  ids: string[],
  list: (ids: string[]) => Promise<T[]>,
  name: (of: T) => string,
): Promise<Map<string, string>> {
  const wanted = [...new Set(ids.filter(Boolean))];
  const found = new Map<string, string>();
  for (let at = 0; at < wanted.length; at += AT_ONCE) {
    const those = await list(wanted.slice(at, at + AT_ONCE)).catch(() => []);
    for (const one of those) found.set(one.id, name(one));
  }
  return found;
}
