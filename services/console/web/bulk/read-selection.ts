import { timestampNow } from '@bufbuild/protobuf/wkt';
import { callUnaryMethod } from '@connectrpc/connect-query';
import type { Transport } from '@connectrpc/connect';
import type { ResultatCommande } from '../../gen/proto/commandes/commandes_pb.ts';
import { RelanceService, type StatutRelance } from '../../gen/proto/relance/relance_pb.ts';
import { RetryAdminService, type StatutRetry } from '../../gen/proto/retry/retry_pb.ts';
import type { BulkSearch } from './route.ts';

const PAGE = 500;
/** No more are read: somebody has to narrow the filter. */
export const MOST = 20_000;

export type Page = { suivis: ResultatCommande[]; nextPageToken: string };

/** Reads a page of the follow-ups that a filter meets, as they are now. */
export async function readSelection(
  transport: Transport,
  search: BulkSearch & { org: string },
  pageToken: string,
  signal?: AbortSignal,
): Promise<Page> {
  const { org, responsable = '', montant = 0, retard = 0, enRetard, statut = 0 } = search;
  const filtre = {
    ...{ organisationId: org, gestionnaireId: responsable, echueJours: Math.round(retard) },
    montantMin: BigInt(Math.round(montant * 100)),
    ...(enRetard && { prochaineAvant: timestampNow() }),
  };
  const page = { pageSize: PAGE, pageToken };
  const options = signal ? { signal } : {};
  return search.suivi === 'reessais'
    ? await callUnaryMethod(
        transport,
        RetryAdminService.method.selectMany,
        { filtre: { ...filtre, statut: statut as StatutRetry, motifRejet: search.motif ?? '' }, ...page },
        options,
      )
    : await callUnaryMethod(
        transport,
        RelanceService.method.selectMany,
        {
          filtre: { ...filtre, statut: statut as StatutRelance, prochainNiveau: search.niveau ?? 0 },
          ...page,
        },
        options,
      );
}

/** Reads the ids of all that a filter meets now: to say what has changed since it was listed. */
export async function readIds(
  transport: Transport,
  search: BulkSearch & { org: string },
  signal: AbortSignal,
): Promise<Set<string>> {
  const ids = new Set<string>();
  let pageToken = '';
  do {
    const page = await readSelection(transport, search, pageToken, signal);
    for (const { id } of page.suivis) ids.add(id);
    pageToken = page.nextPageToken;
  } while (pageToken && ids.size < MOST);
  return ids;
}
