import { formatDate, formatEuros } from '@crm/domain';
import type { EcheanceAgenda } from '@crm/proto/relance/agenda';
import {
  SimulateRequest,
  SimulateResponse,
  SimulationServiceService,
  type BilanSimulation,
  type FactureSimulee,
  type Prevision,
  type TotalSimulation,
  type TotauxSimulation,
} from '@crm/proto/relance/simulation';
import { StatutRetry } from '@crm/proto/retry/retry';
import { checkDate } from './check-date.ts';
import { findClient } from './find-client.ts';
import { inFlags } from './in-flags.ts';
import { readPolicy } from './read-policy.ts';
import { withServices, type CallService } from './service-callers.ts';
import { centsOf, lastDay, type SimulateOptions as Options } from './simulate-options.ts';
import { counted, local } from './words.ts';

/** An organisation has tens of thousands of invoices. */
const WITHIN_MS = 30 * 60_000;

/**
 * Prints what an invoice, or all open ones of an organisation, will send and have debited, and what other rules would
 * change, as `relance.SimulationService/Simulate` foresees it.
 */
export async function simulateInvoice(options: Options): Promise<void> {
  const au = lastDay(options.until);
  const policies = {
    politique: options.policy ? readPolicy('--policy', options.policy) : undefined,
    comparee: options.compare ? readPolicy('--compare', options.compare) : undefined,
  };
  const { motif: motifRejet, collected: prelevementsEncaisses = false } = options;
  const common = { au, ...policies, motifRejet, prelevementsEncaisses };
  await withServices(async (call) => {
    const request = SimulateRequest.fromPartial({ ...common, ...(await whatOf(call, options)) });
    try {
      const answers = call('relance', SimulationServiceService).simulate(request, { deadlineMs: WITHIN_MS });
      await print(answers, options, au);
    } catch (error) {
      inFlags(error, {
        politique: `--policy ${options.policy}`,
        comparee: `--compare ${options.compare}`,
        'factureSupposee.dateEcheance': '--date-echeance',
        'factureSupposee.dateFacture': '--date-facture',
        'factureSupposee.montant': '--montant',
        facture: `--invoice ${options.invoice}`,
        motifRejet: `--motif ${options.motif}`,
        au: `--until ${au}`,
      });
    }
  });
}

async function whatOf(call: CallService, options: Options): Promise<Partial<SimulateRequest>> {
  const { invoice: facture, dateFacture, dateEcheance = '', org: organisationId = '' } = options;
  if (facture) return { facture, organisationId };
  if (!dateFacture) {
    const clientId = options.client ? (await findClient(call, options.client, organisationId)).id : '';
    return { organisationId, clientId };
  }
  checkDate('--date-facture', dateFacture);
  if (dateEcheance) checkDate('--date-echeance', dateEcheance);
  const dates = { dateFacture, dateEcheance, emiseAt: undefined };
  return { organisationId, factureSupposee: { ...dates, montant: centsOf(options) } };
}

async function print(
  answers: AsyncIterable<SimulateResponse>,
  options: Options,
  until: string,
): Promise<void> {
  for await (const answer of answers) {
    if (options.json) console.log(JSON.stringify(SimulateResponse.toJSON(answer)));
    else if (answer.contenu?.$case === 'facture') printInvoice(answer.contenu.value, options, until);
    else if (answer.contenu?.$case === 'bilan') printTotals(answer.contenu.value, options);
  }
}

function printInvoice(facture: FactureSimulee, options: Options, until: string): void {
  const { numero, client, restantDu, attente, prevision, comparee, differences } = facture;
  const title = [numero && `Facture ${numero}`, client, numero && `reste ${formatEuros(restantDu)}`];
  console.log(title.filter(Boolean).join(', ') || 'Sans facture');
  if (attente) console.log(`  en attente: ${attente}`);
  printForecast(prevision!, Boolean(numero), until);
  if (comparee) {
    console.log(`  Avec ${options.compare}:`);
    printForecast(comparee, Boolean(numero), until);
    console.log('  Différence:');
    for (const { libelle } of differences) console.log(`    ${libelle}`);
    if (differences.length === 0) console.log('    aucune');
  }
  console.log('');
}

function printForecast({ echeances, statut, reessais }: Prevision, isInvoice: boolean, until: string): void {
  for (const one of echeances) console.log(`  ${describe(one)}`);
  if (!isInvoice) return;
  if (echeances.length === 0) console.log(`  Rien d’ici au ${until}.`);
  const isOpen = statut === 'EN_ATTENTE' || statut === 'EN_PAUSE';
  console.log(isOpen ? `  Relances pas encore terminées le ${until}.` : `  Fin des relances: ${statut}.`);
  for (const { libelle, statut: end, motifFin, finAt } of reessais) {
    const how = end === StatutRetry.UNSPECIFIED ? `pas terminé le ${until}` : `${end}, ${motifFin}`;
    console.log(`  Fin pour ${libelle}: ${finAt ? `${local(finAt)}, ` : ''}${how}.`);
  }
}

/** "2026-06-01 09:00  Relance J+15 de la facture F-1, 1 000,00 €: J+15 …, dû le …; si …". */
function describe(one: EcheanceAgenda): string {
  const { datePrevue, jourEntier, libelle, montant, pourquoi, condition, motifSaut, enPause } = one;
  const when = !datePrevue
    ? 'sans date        '
    : jourEntier
      ? `${local(datePrevue).slice(0, 10)}      `
      : local(datePrevue);
  const paused = enPause && !datePrevue ? ', en pause jusqu’à nouvel ordre' : '';
  if (motifSaut) return `${when}  ${libelle}, non envoyée: ${motifSaut}`;
  const amount = montant > 0n ? `, ${formatEuros(montant)}` : '';
  return `${when}  ${libelle}${amount}: ${pourquoi}${paused}${condition && ` (${condition})`}`;
}

function printTotals(bilan: BilanSimulation, { compare }: Options): void {
  const { factures, totaux, totauxCompares } = bilan;
  console.log(`${counted(factures, 'facture')}. ${inWords(totaux!.total!)}`);
  printWeeks(totaux!);
  if (!totauxCompares) return;
  console.log(`Avec ${compare}: ${inWords(totauxCompares.total!)}`);
  printWeeks(totauxCompares);
  const { deplacees, supprimees, ajoutees, changees } = bilan;
  console.log(
    `Différence: ${counted(deplacees, 'déplacée')}, ${counted(supprimees, 'supprimée')}, ` +
      `${counted(ajoutees, 'ajoutée')}, ${counted(changees, 'changée')}.`,
  );
}

function printWeeks({ semaines }: TotauxSimulation): void {
  if (semaines.length < 2) return;
  for (const week of semaines) console.log(`  semaine du ${formatDate(week.du)}: ${inWords(week)}`);
}

const inWords = (total: TotalSimulation): string =>
  [
    `${counted(total.mails, 'mail')} dont ${counted(total.relances, 'relance')} de ${formatEuros(total.montantRelances)}`,
    `${counted(total.prelevements, 'prélèvement')} de ${formatEuros(total.montantPrelevements)}`,
    ...(total.taches ? [counted(total.taches, 'tâche')] : []),
  ].join(', ');
