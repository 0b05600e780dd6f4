import type { Db } from '@crm/db';
import { todayInParis } from '@crm/domain';
import { everyPage, type Methods } from '@crm/kit';
import type { EcheanceAgenda } from '@crm/proto/relance/agenda';
import {
  BilanSimulation,
  FactureSimulee,
  NatureDifference,
  type SimulateRequest,
  type SimulateResponse,
  type SimulationServiceService,
} from '@crm/proto/relance/simulation';
import { debitLines } from '../agenda/debit-lines.ts';
import { pagesOfSuivis } from '../agenda/own-rows.ts';
import { suiviLines } from '../agenda/suivi-lines.ts';
import { taskLines } from '../agenda/task-lines.ts';
import { readKnown, withNames } from '../agenda/with-names.ts';
import type { Attentes } from '../attentes.ts';
import type { OpenDays } from '../open-days.ts';
import { findInvoices } from './find-invoices.ts';
import { foreseeInvoices, type SimulationSources } from './foresee-invoices.ts';
import { readRequest, type Asked } from './read-request.ts';
import { Totals } from './totals.ts';

const { DEPLACEE, SUPPRIMEE, AJOUTEE, CHANGEE } = NatureDifference;

/**
 * Foresees what comes, by one policy or by two (`foresee.ts`), group by group of clients: an organisation needs no more
 * memory than its largest client.
 */
export function simulate(
  db: Db,
  openDays: OpenDays,
  sources: SimulationSources,
  attentes: Attentes,
): Methods<typeof SimulationServiceService>['simulate'] {
  return async function* (request, { signal }) {
    const asked = readRequest(request);
    const foresee = foreseeInvoices(db, openDays, sources, attentes, asked, signal);
    const totals = asked.policies.map(() => new Totals());
    const counts = new Map<NatureDifference, number>();
    let [factures, avancees, retardees] = [0, 0, 0];
    for await (const subjects of findInvoices(db, sources.factures, request, signal)) {
      for (const facture of await foresee(subjects)) {
        factures += 1;
        totals[0]!.add(facture.prevision!.echeances);
        totals[1]?.add(facture.comparee!.echeances);
        for (const difference of facture.differences) {
          const { nature, avant, apres } = difference;
          counts.set(nature, (counts.get(nature) ?? 0) + 1);
          if (nature !== DEPLACEE) continue;
          if (whenOf(apres) < whenOf(avant)) avancees += 1;
          else retardees += 1;
        }
        if (!request.differencesSeules) yield saying(facture);
        else if (facture.differences.length > 0)
          yield saying({ ...facture, prevision: undefined, comparee: undefined });
      }
      if (request.differencesSeules) yield { contenu: { $case: 'avancement', value: { factures } } };
    }
    if (!request.facture && !request.factureSupposee && !request.aReprendre) {
      for await (const lines of others(request, asked, signal)) {
        const known = await readKnown(lines, sources, signal);
        const echeances = lines.map((line) => withNames(line, { ...known, invoices: new Map() }));
        for (const total of totals) total.add(echeances);
        const { organisationId, clientId } = request;
        if (!request.differencesSeules)
          yield saying(FactureSimulee.fromPartial({ organisationId, clientId, prevision: { echeances } }));
      }
    }
    const [totaux, totauxCompares] = totals.map((total) => total.toMessage());
    const of = (nature: NatureDifference) => counts.get(nature) ?? 0;
    const bilan = BilanSimulation.fromPartial({
      ...{ factures, avancees, retardees, totaux, ...(totauxCompares && { totauxCompares }) },
      ...{ deplacees: of(DEPLACEE), supprimees: of(SUPPRIMEE) },
      ...{ ajoutees: of(AJOUTEE), changees: of(CHANGEE) },
    });
    yield { contenu: { $case: 'bilan', value: bilan } };
  };

  /** What concerns none of an organisation's invoices, a page at a time. */
  async function* others(
    { organisationId, clientId }: SimulateRequest,
    { now, au, until }: Asked,
    signal: AbortSignal,
  ): AsyncGenerator<EcheanceAgenda[]> {
    const whose = { organisationId, clientId };
    const window = { now, du: todayInParis(), au };
    for await (const rows of pagesOfSuivis(db, whose, until)) {
      signal.throwIfAborted();
      const lines = suiviLines(rows, window);
      if (lines.length > 0) yield lines;
    }
    for await (const { prelevements } of everyPage((page) =>
      sources.payments.listPrelevements({ ...whose, au, ouPrenotification: true, ...page }),
    )) {
      signal.throwIfAborted();
      const apart = prelevements.filter(({ paiement }) => paiement!.invoiceId === '');
      const lines = debitLines(apart, new Map(), window);
      if (lines.length > 0) yield lines;
    }
    for await (const { taches } of everyPage((page) =>
      sources.taches.list({ ...whose, ouvertes: true, echeanceAvant: until, ...page }),
    )) {
      signal.throwIfAborted();
      const lines = taskLines(taches, window);
      if (lines.length > 0) yield lines;
    }
  }
}

/** What has no date comes last. */
const whenOf = (one: EcheanceAgenda | undefined): number => one?.datePrevue?.getTime() ?? Infinity;

const saying = (facture: FactureSimulee): SimulateResponse => ({
  contenu: { $case: 'facture', value: facture },
});
