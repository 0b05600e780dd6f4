import { afterUsualTerm, channelInWords, formatEuros, todayInParis } from '@crm/domain';
import { everyPage, isNotFound, orUndefined } from '@crm/kit';
import { Client, ClientBaseServiceService } from '@crm/proto/clients/clients';
import { InvoiceServiceService } from '@crm/proto/factures/factures';
import {
  RegleRelanceServiceService,
  RelanceServiceService,
  type RegleRelance,
} from '@crm/proto/relance/relance';
import type { Way } from '@crm/relance/decide-send';
import { DEFAULT_LEVEL, inForce, toLevel } from '@crm/relance/regles-relance';
import { PlainError } from '../plain-error.ts';
import { differences, type Line } from '../simulation/differences.ts';
import { readPolicy } from '../simulation/read-policy.ts';
import {
  simulateReminders,
  type Foreseen,
  type Foresight,
  type Simulated,
} from '../simulation/simulate-reminders.ts';
import { simulateRetries, type RetryForesight } from '../simulation/simulate-retries.ts';
import { checkDate } from './check-date.ts';
import { ownDaysOf } from './own-days.ts';
import { readRetriesOf, type ReadRetries } from './read-retries.ts';
import { describeRetry } from './retry-in-words.ts';
import { withServices, type CallService } from './service-callers.ts';
import { centsOf, type SimulateOptions as Options } from './simulate-options.ts';
import { local } from './words.ts';

/** An invoice's reminders, and the running retries of its payments. */
type Read = { reminders: Omit<Simulated, 'until'>; retries: ReadRetries[] };
/** The forecast of a payment's retries. */
type Presented = RetryForesight & Pick<ReadRetries, 'payment'>;

/**
 * Prints what an invoice's reminders and its payments' retries will do, in order, and what other rules for
 * reminders would change.
 */
export async function simulateInvoice(options: Options, until: Date): Promise<void> {
  const policy = options.policy ? readPolicy('--policy', options.policy) : undefined;
  const other = options.compare ? readPolicy('--compare', options.compare) : undefined;
  const { reminders, retries } = await whatOf(options, policy !== undefined);
  const simulated = { ...reminders, until };
  const one = await simulateReminders({ ...simulated, levels: policy ?? simulated.levels });
  const presented = await foresee(retries, until);
  print(one, presented, options.until);
  if (!other) return;
  // running reminders keep their levels: the other rules would apply to new ones
  const { relance: _, ...anew } = simulated;
  const two = await simulateReminders({ ...anew, levels: other });
  console.log(`\nAvec ${options.compare}:`);
  print(two, presented, options.until);
  console.log('\nDifférence:');
  for (const line of differences(linesOf(one), linesOf(two))) console.log(line);
}

const linesOf = ({ foreseen }: Foresight): Line[] =>
  foreseen
    .map((mail) => ({ key: String(mail.level.niveau), text: describeShort(mail) }))
    .sort((a, b) => Number(a.key) - Number(b.key));

/** Retries keep the policy that they started with, whatever the rules for reminders are. */
async function foresee(retries: ReadRetries[], until: Date): Promise<Presented[]> {
  const presented: Presented[] = [];
  for (const read of retries)
    presented.push({ payment: read.payment, ...(await simulateRetries({ ...read, until })) });
  return presented;
}

async function whatOf(options: Options, hasPolicy: boolean): Promise<Read> {
  const { invoice: id, dateFacture } = options;
  if (id && dateFacture) throw new PlainError('--invoice and --date-facture exclude each other.');
  if (id) return await readInvoice(id, options.motif, hasPolicy);
  if (!dateFacture)
    throw new PlainError('Say which invoice: --invoice <id>, or --date-facture <YYYY-MM-DD>.');
  checkDate('--date-facture', dateFacture);
  if (options.dateEcheance) checkDate('--date-echeance', options.dateEcheance);
  const montant = centsOf(options);
  const dates = { dateFacture, dateEcheance: options.dateEcheance || afterUsualTerm(dateFacture) };
  if (dates.dateEcheance < dateFacture)
    throw new PlainError(`--date-echeance ${dates.dateEcheance} is before --date-facture ${dateFacture}.`);
  const invoice = { id: 'simulation', clientId: 'simulation', montant, ...dates };
  const client = Client.fromPartial({ email: 'client@exemple.test' });
  return { reminders: { invoice, client, levels: [DEFAULT_LEVEL] }, retries: [] };
}

/** Reads an invoice, its client, its payments' retries, and its organisation's rules and closing days. */
const readInvoice = (id: string, motif: string, hasPolicy: boolean): Promise<Read> =>
  withServices(async (call) => {
    const invoice = await call('factures', InvoiceServiceService)
      .get({ id })
      .catch((error: unknown) => {
        throw isNotFound(error) ? new PlainError(`--invoice ${id}: there is no such invoice.`) : error;
      });
    const { organisationId, clientId } = invoice;
    const relance = await orUndefined(call('relance', RelanceServiceService).get({ id }));
    const client = await orUndefined(call('clients', ClientBaseServiceService).get({ id: clientId }));
    const reminders = {
      invoice,
      client,
      levels: await levelsOf(call, organisationId),
      ownDays: await ownDaysOf(call, organisationId, todayInParis()),
      ...(relance && !hasPolicy && { relance }),
    };
    return { reminders, retries: await readRetriesOf(call, id, motif) };
  });

/** The rules in force. */
export async function levelsOf(call: CallService, organisationId: string) {
  const regles = call('relance', RegleRelanceServiceService);
  for (const whose of new Set([organisationId, 'default'])) {
    const rows: RegleRelance[] = [];
    for await (const page of everyPage((at) => regles.list({ organisationId: whose, ...at })))
      rows.push(...page.regles);
    const levels = inForce(rows).map(toLevel);
    if (levels.length > 0) return levels;
  }
  return [DEFAULT_LEVEL];
}

function print({ foreseen, statut, attente }: Foresight, presented: Presented[], until: string): void {
  const lines = [
    ...foreseen.map((one) => ({ at: one.at, text: describe(one) })),
    ...presented.flatMap(({ payment: { id, montant }, events }) =>
      events.map((one) => ({ at: one.at, text: describeRetry(one, montant, ` du paiement ${id}`) })),
    ),
  ].sort((a, b) => a.at.getTime() - b.at.getTime());
  for (const { text } of lines) console.log(text);
  if (lines.length === 0) console.log(`Aucun envoi d’ici au ${until}.`);
  if (attente) console.log(`Rien ne part avant que ceci ne soit levé: ${attente}.`);
  console.log(statut ? `Fin: ${statut}.` : `Pas encore terminé le ${until}.`);
  for (const { payment, end: its } of presented) {
    const how = its ? `fin le ${local(its.at)}: ${its.statut}, ${its.motifFin}` : `pas terminé le ${until}`;
    console.log(`Paiement ${payment.id}: ${how}.`);
  }
}

/** "2026-06-01 09:00  rappel, niveau 1, 1 000,00 €: DATE_FACTURE + P15D, dû le 2026-05-30 00:00, reporté". */
function describe({ at, level, restantDu, way }: Foreseen): string {
  const { niveau } = level;
  const what = channelInWords(level);
  const dueAt = level.dueAt!;
  const rule = `${level.base} + ${level.delai}, dû le ${local(dueAt)}`;
  const hours = level.tousLesJours ? 'tous les jours' : 'jours ouvrés';
  const isMoved = at.getTime() - dueAt.getTime() >= 60_000;
  const why = isMoved
    ? `, reporté (${hours} ${level.ouverture}–${level.fermeture}, espacement ${level.espacement})`
    : '';
  if (way.by === 'saut') return `${local(at)}  niveau ${niveau} (${what}) non envoyé: ${way.motif}`;
  const task = way.by === 'tache' ? ` (tâche: ${way.motif})` : '';
  return `${local(at)}  ${what}${task}, niveau ${niveau}, ${formatEuros(restantDu)}: ${rule}${why}`;
}

const describeShort = ({ at, level, way: { by, motif } }: Foreseen): string =>
  `${local(at)}  niveau ${level.niveau}, ${channelInWords(level)}${NOTES[by]}${motif}`;

const NOTES: Record<Way['by'], string> = { courriel: '', tache: ', tâche: ', saut: ', non envoyé: ' };
