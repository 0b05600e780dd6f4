import { everyPage } from '@crm/kit';
import type { AgendaRequest, EcheanceAgenda } from '@crm/proto/relance/agenda';
import { RelanceServiceService } from '@crm/proto/relance/relance';
import { merged } from './merged.ts';
import type { CallService } from './service-callers.ts';

/** The number of entries per call. */
const PAGE = 1_000;

/** Every entry of an agenda in order of time, a page at a time, for an organisation under each of its names. */
export function agendaLines(
  call: CallService,
  organisations: string[],
  request: Pick<AgendaRequest, 'clientId' | 'du' | 'au'>,
): AsyncGenerator<EcheanceAgenda> {
  const lists = organisations.map((organisationId) =>
    listOf(call, { ...request, organisationId, pageSize: PAGE }),
  );
  return merged(lists, inTime);
}

async function* listOf(
  call: CallService,
  request: Partial<AgendaRequest>,
): AsyncGenerator<EcheanceAgenda, void> {
  const relances = call('relance', RelanceServiceService);
  const pages = everyPage(({ pageToken }) => relances.agenda({ ...request, pageToken }));
  for await (const page of pages) yield* page.echeances;
}

/** The order of the service: entries without a date come last. */
const inTime = (one: EcheanceAgenda, other: EcheanceAgenda): number =>
  (one.datePrevue?.getTime() ?? Number.MAX_SAFE_INTEGER) -
  (other.datePrevue?.getTime() ?? Number.MAX_SAFE_INTEGER);
