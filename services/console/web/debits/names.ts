import type { Transport } from '@connectrpc/connect';
import { callUnaryMethod, useQuery as useConnectQuery, useTransport } from '@connectrpc/connect-query';
import { useQuery } from '@tanstack/react-query';
import { ContratService, type Contrat } from '../../gen/proto/contrats/contrats_pb.ts';
import { InvoiceService, type Invoice } from '../../gen/proto/factures/factures_pb.ts';
import { MotifRejetService, type MotifRejet } from '../../gen/proto/referentiel/referentiel_pb.ts';
import { nameOf, useClients } from '../clients.ts';

/** As many as the services give at once. */
const AT_ONCE = 200;
const FRESH_MS = 5 * 60_000;

/** What names a debit: its client, its invoice and its contract. */
type Referring = { clientId: string; invoiceId: string; contratId?: string };

/** The names of clients, invoices and contracts of some debits; those that are not known are missing. */
export function useNames(debits: Referring[]) {
  const clients = useClients(debits.map(({ clientId }) => clientId));
  const invoices = useKnown(
    'factures',
    debits.map(({ invoiceId }) => invoiceId),
    readInvoices,
  );
  const contracts = useKnown(
    'contrats',
    debits.map(({ contratId = '' }) => contratId),
    readContracts,
  );
  return {
    client: (id: string): string => {
      const client = clients.get(id);
      return client ? nameOf(client) : id;
    },
    invoice: (id: string): string | undefined => invoices.get(id)?.numero,
    contract: (id: string): string | undefined => contracts.get(id)?.reference,
  };
}

export type Names = ReturnType<typeof useNames>;

function useKnown<T extends { id: string }>(
  kind: string,
  ids: string[],
  read: (transport: Transport, ids: string[], signal: AbortSignal) => Promise<T[]>,
): ReadonlyMap<string, T> {
  const transport = useTransport();
  const wanted = [...new Set(ids.filter(Boolean))].sort();
  const { data } = useQuery({
    queryKey: [kind, 'par id', wanted],
    async queryFn({ signal }) {
      const found = new Map<string, T>();
      for (let at = 0; at < wanted.length; at += AT_ONCE)
        for (const one of await read(transport, wanted.slice(at, at + AT_ONCE), signal))
          found.set(one.id, one);
      return found;
    },
    enabled: wanted.length > 0,
    staleTime: FRESH_MS,
    placeholderData: (before) => before,
  });
  return data ?? new Map<string, T>();
}

const readInvoices = async (transport: Transport, ids: string[], signal: AbortSignal): Promise<Invoice[]> =>
  (await callUnaryMethod(transport, InvoiceService.method.list, { ids, pageSize: AT_ONCE }, { signal }))
    .invoices;

const readContracts = async (transport: Transport, ids: string[], signal: AbortSignal): Promise<Contrat[]> =>
  (await callUnaryMethod(transport, ContratService.method.list, { ids, pageSize: AT_ONCE }, { signal }))
    .contrats;

/** The reasons of rejections by their codes, with words. */
export function useReasons(): ReadonlyMap<string, MotifRejet> {
  const { data } = useConnectQuery(
    MotifRejetService.method.list,
    { pageSize: AT_ONCE },
    { staleTime: Infinity },
  );
  return new Map((data?.motifs ?? []).map((motif) => [motif.code, motif]));
}
