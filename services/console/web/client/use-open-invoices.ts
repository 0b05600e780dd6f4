import type { Transport } from '@connectrpc/connect';
import { callUnaryMethod, useTransport } from '@connectrpc/connect-query';
import { useQuery } from '@tanstack/react-query';
import { InvoiceService, StatutFacture, type Invoice } from '../../gen/proto/factures/factures_pb.ts';
import { today } from '../paris-day.ts';

const AT_ONCE = 200;
/** Nobody reads more of one client's invoices; the sums say then that there are more. */
const MOST = 2_000;

/** What a client owes, the oldest due date first; amounts in cents. */
export type OpenInvoices = {
  invoices: Invoice[];
  total: bigint;
  late: bigint;
  /** There are more than were read. */
  isCut: boolean;
};

export function useOpenInvoices(clientId: string) {
  const transport = useTransport();
  return useQuery({
    queryKey: ['client', clientId, 'factures'],
    queryFn: ({ signal }) => read(transport, clientId, signal),
  });
}

async function read(transport: Transport, clientId: string, signal: AbortSignal): Promise<OpenInvoices> {
  const invoices: Invoice[] = [];
  let pageToken = '';
  do {
    const request = { clientId, statut: StatutFacture.EMISE, pageSize: AT_ONCE, pageToken };
    const page = await callUnaryMethod(transport, InvoiceService.method.list, request, { signal });
    invoices.push(...page.invoices.filter(({ restantDu }) => restantDu > 0n));
    pageToken = page.nextPageToken;
  } while (pageToken && invoices.length < MOST);
  invoices.sort((one, other) => (one.dateEcheance < other.dateEcheance ? -1 : 1));
  const sum = (of: Invoice[]) => of.reduce((cents, { restantDu }) => cents + restantDu, 0n);
  const day = today();
  return {
    ...{ invoices, total: sum(invoices), isCut: pageToken !== '' },
    late: sum(invoices.filter(({ dateEcheance }) => dateEcheance < day)),
  };
}
