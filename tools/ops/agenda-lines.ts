import { everyPage } from '@crm/kit';
import type { AgendaRequest, EcheanceAgenda } from '@crm/proto/relance/agenda';
import { RelanceServiceService } from '@crm/proto/relance/relance';
import type { CallService } from './service-callers.ts';

/** The number of entries per call. */
const PAGE = 1_000;

/** Every entry of an agenda in order of time, a page at a time. */
export async function* agendaLines(
  call: CallService,
  request: Pick<AgendaRequest, 'organisationId' | 'clientId' | 'du' | 'au'>,
): AsyncGenerator<EcheanceAgenda> {
  const relances = call('relance', RelanceServiceService);
  const pages = everyPage(({ pageToken }) => relances.agenda({ ...request, pageSize: PAGE, pageToken }));
  for await (const page of pages) yield* page.echeances;
}
