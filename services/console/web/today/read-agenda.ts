import { useInfiniteQuery, useQuery } from '@connectrpc/connect-query';
import { keepPreviousData } from '@tanstack/react-query';
import type { EcheanceAgenda } from '../../gen/proto/relance/agenda_pb.ts';
import { RelanceService } from '../../gen/proto/relance/relance_pb.ts';
import type { TodaySearch } from './route.ts';

/** The entries that are read at once: more than a screen, and not more than a phone draws at ease. */
const PAGE_SIZE = 200;

type Scope = { organisationId: string; du: string; au: string; search: TodaySearch };

/** The filters of the address, as the service takes them. */
const filtersOf = ({ montant, responsable, retenues }: TodaySearch) => ({
  montantMin: BigInt(Math.round((montant ?? 0) * 100)),
  gestionnaireId: responsable ?? '',
  retenuesSeulement: retenues ?? false,
  enRetardSeulement: retenues ?? false,
});

/** The agenda of some days, page by page; without tasks of people, which have a list of their own. */
export function useAgenda({ organisationId, du, au, search }: Scope) {
  const request = { organisationId, du, au, ...filtersOf(search), genres: search.genres ?? [] };
  const { data, ...state } = useInfiniteQuery(
    RelanceService.method.agenda,
    { ...request, pageSize: PAGE_SIZE, pageToken: '' },
    {
      pageParamKey: 'pageToken',
      getNextPageParam: ({ nextPageToken }) => nextPageToken || undefined,
      placeholderData: keepPreviousData,
    },
  );
  const echeances: EcheanceAgenda[] | undefined = data?.pages
    .flatMap((page) => page.echeances)
    .filter(({ tacheId, libelle }) => !tacheId || !libelle.startsWith('Tâche\u00a0:'));
  return { echeances, ...state };
}

/** How many entries each day has, and of which kinds, whatever kinds are chosen. */
export function useAgendaDays({ organisationId, du, au, search }: Scope) {
  const { data } = useQuery(
    RelanceService.method.agendaParJour,
    { organisationId, du, au, ...filtersOf(search), genres: [] },
    { placeholderData: keepPreviousData },
  );
  return data?.jours;
}
