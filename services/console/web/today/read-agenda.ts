import { callUnaryMethod } from '@connectrpc/connect-query';
import type { Transport } from '@connectrpc/connect';
import { GenreEcheance, type EcheanceAgenda } from '../../gen/proto/relance/agenda_pb.ts';
import { RelanceService } from '../../gen/proto/relance/relance_pb.ts';

const PAGE_SIZE = 1_000;
/** The most entries that are read: a person does not read more. */
export const MOST_ENTRIES = 5_000;

export type Agenda = { echeances: EcheanceAgenda[]; isCut: boolean };

/** All of the agenda of some days, so that filters and sums are true; without tasks, which have a list of their own. */
export async function readAgenda(
  transport: Transport,
  days: { organisationId: string; du: string; au: string },
  signal: AbortSignal,
): Promise<Agenda> {
  const echeances: EcheanceAgenda[] = [];
  let pageToken = '';
  do {
    const request = { ...days, pageSize: PAGE_SIZE, pageToken };
    const page = await callUnaryMethod(transport, RelanceService.method.agenda, request, { signal });
    echeances.push(...page.echeances.filter(({ genre }) => genre !== GenreEcheance.TACHE));
    pageToken = page.nextPageToken;
  } while (pageToken && echeances.length < MOST_ENTRIES);
  return { echeances, isCut: pageToken !== '' };
}
