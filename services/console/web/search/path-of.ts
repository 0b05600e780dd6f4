import { GenreTrouve, type Trouve } from '../../gen/proto/clients/recherche_pb.ts';

/** The page of what was found: of the invoice, else of the client. */
export function pathOf(genre: GenreTrouve, { id, clientId, invoiceId }: Trouve): string {
  if (genre === GenreTrouve.TROUVE_CLIENT) return `/clients/${id}`;
  return invoiceId ? `/factures/${invoiceId}` : `/clients/${clientId}`;
}
