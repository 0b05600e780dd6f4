import type { Transport } from '@connectrpc/connect';
import { callUnaryMethod, useTransport } from '@connectrpc/connect-query';
import { useQuery } from '@tanstack/react-query';
import { OrganisationService, type Organisation } from '../gen/proto/organisations/organisations_pb.ts';

const PAGE = 200;
/** More than this many are not listed: they can still be written by their code. */
const MOST = 2_000;
const FRESH_MS = 5 * 60_000;

/** The organisations that were set up in Suivi, by name. `undefined`: they are being read. */
export function useOrganisations(): Organisation[] | undefined {
  const transport = useTransport();
  const { data } = useQuery({
    queryKey: ['organisations'],
    queryFn: ({ signal }) => readOrganisations(transport, signal),
    staleTime: FRESH_MS,
  });
  return data;
}

/**
 * The name of an organisation by what others send as its reference: its code or its id. One that was not set up in Suivi is
 * known by its reference only.
 */
export function useOrganisationName(): (reference: string) => string {
  const organisations = useOrganisations();
  return (reference) =>
    organisations?.find(({ id, code }) => id === reference || code === reference)?.nom ?? reference;
}

async function readOrganisations(transport: Transport, signal: AbortSignal): Promise<Organisation[]> {
  const found: Organisation[] = [];
  let pageToken = '';
  do {
    const request = { pageSize: PAGE, pageToken };
    const page = await callUnaryMethod(transport, OrganisationService.method.list, request, { signal });
    found.push(...page.organisations);
    pageToken = page.nextPageToken;
  } while (pageToken && found.length < MOST);
  return found.sort((one, other) => one.nom.localeCompare(other.nom, 'fr'));
}
