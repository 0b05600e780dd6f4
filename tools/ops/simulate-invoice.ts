import { everyPage, formatEuros, isNotFound, orUndefined, todayInParis } from '@crm/kit';
import { HolidayServiceService } from '@crm/proto/calendar/calendar';
import { ClientBaseServiceService } from '@crm/proto/clients/clients';
import { InvoiceServiceService } from '@crm/proto/factures/factures';
import {
  RegleRelanceServiceService,
  RelanceServiceService,
  type RegleRelance,
} from '@crm/proto/relance/relance';
import { usualDueDate } from '@crm/relance/due-at';
import { DEFAULT_LEVEL, inForce, toLevel } from '@crm/relance/regles-relance';
import { Temporal } from 'temporal-polyfill';
import { PlainError } from '../plain-error.ts';
import { differences, type Line } from '../simulation/differences.ts';
import { readPolicy } from '../simulation/read-policy.ts';
import type { Foreseen, Foresight, Simulated } from '../simulation/simulate-reminders.ts';
import { withServices, type CallService } from './service-callers.ts';
import { checkDate } from './check-date.ts';
import { YEARS, type SimulateOptions as Options } from './simulate-options.ts';
import { local } from './words.ts';

/** Prints what an invoice's reminders will send, and what other rules would change. */
export async function simulateInvoice(options: Options, until: Date): Promise<void> {
  const policy = options.policy ? readPolicy('--policy', options.policy) : undefined;
  const other = options.compare ? readPolicy('--compare', options.compare) : undefined;
  const simulated = { ...(await whatOf(options, policy !== undefined)), until };
  const { simulateReminders } = await import('../simulation/simulate-reminders.ts');
  const one = await simulateReminders({ ...simulated, levels: policy ?? simulated.levels });
  print(one, options.until);
  if (!other) return;
  // reminders that run keep the levels they began with: other ones would be those of a new one
  const { relance: _, ...anew } = simulated;
  const two = await simulateReminders({ ...anew, levels: other });
  console.log(`\nAvec ${options.compare}:`);
  print(two, options.until);
  console.log('\nDifférence:');
  for (const line of differences(linesOf(one), linesOf(two))) console.log(line);
}

const linesOf = ({ foreseen }: Foresight): Line[] =>
  foreseen
    .map((mail) => ({ key: String(mail.niveau), text: describeShort(mail) }))
    .sort((a, b) => Number(a.key) - Number(b.key));

async function whatOf(options: Options, hasPolicy: boolean): Promise<Omit<Simulated, 'until'>> {
  const { invoice: id, dateFacture } = options;
  if (id && dateFacture) throw new PlainError('--invoice and --date-facture exclude each other.');
  if (id) return await readInvoice(id, hasPolicy);
  if (!dateFacture)
    throw new PlainError('Say which invoice: --invoice <id>, or --date-facture <YYYY-MM-DD>.');
  checkDate('--date-facture', dateFacture);
  if (options.dateEcheance) checkDate('--date-echeance', options.dateEcheance);
  const { montant = '' } = options;
  if (!/^[1-9]\d{0,14}$/.test(montant)) throw new PlainError(`--montant ${montant} is no amount in cents.`);
  const dates = { dateFacture, dateEcheance: options.dateEcheance || usualDueDate(dateFacture) };
  if (dates.dateEcheance < dateFacture)
    throw new PlainError(`--date-echeance ${dates.dateEcheance} is before --date-facture ${dateFacture}.`);
  const invoice = { id: 'simulation', clientId: 'simulation', montant: BigInt(montant), ...dates };
  return {
    invoice,
    client: { email: 'client@exemple.test', sansRelance: false },
    levels: [DEFAULT_LEVEL],
  };
}

/** An invoice, its client, and the rules and closing days of its organisation, as the services have them. */
const readInvoice = (id: string, hasPolicy: boolean): Promise<Omit<Simulated, 'until'>> =>
  withServices(async (call) => {
    const invoice = await call('factures', InvoiceServiceService)
      .get({ id })
      .catch((error: unknown) => {
        throw isNotFound(error) ? new PlainError(`--invoice ${id}: there is no such invoice.`) : error;
      });
    const { organisationId, clientId } = invoice;
    const relance = await orUndefined(call('relance', RelanceServiceService).get({ id }));
    const client = await orUndefined(call('clients', ClientBaseServiceService).get({ id: clientId }));
    return {
      invoice,
      client: client ?? { email: '', sansRelance: false },
      levels: await levelsOf(call, organisationId),
      ownDays: await ownDaysOf(call, organisationId, todayInParis()),
      ...(relance && !hasPolicy && { relance }),
    };
  });

/** The rules in force, as the service has them. */
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

/** Closing days of the organisation, from a date on. */
export async function ownDaysOf(call: CallService, organisationId: string, du: string) {
  const au = Temporal.PlainDate.from(du).add({ years: YEARS }).toString();
  const { jours } = await call('calendar', HolidayServiceService).list({ organisationId, du, au });
  return jours.filter((jour) => jour.organisationId !== '');
}

function print({ foreseen, end }: Foresight, until: string): void {
  for (const one of foreseen) console.log(describe(one));
  if (foreseen.length === 0) console.log(`Aucun envoi d’ici au ${until}.`);
  console.log(end ? `Fin: ${end.statut}.` : `Pas encore terminé le ${until}.`);
}

/** "2026-06-01 09:00  rappel, niveau 1, 1 000,00 €: DATE_FACTURE + P15D, dû le 2026-05-30 00:00, reporté". */
function describe({ at, dueAt, niveau, modele, level, restantDu, motifSaut }: Foreseen): string {
  const rule = `${level.base} + ${level.delai}, dû le ${local(dueAt)}`;
  const hours = level.tousLesJours ? 'tous les jours' : 'jours ouvrés';
  const isMoved = at.getTime() - dueAt.getTime() >= 60_000;
  const why = isMoved
    ? `, reporté (${hours} ${level.ouverture}–${level.fermeture}, espacement ${level.espacement})`
    : '';
  if (motifSaut) return `${local(at)}  niveau ${niveau} (${modele}) non envoyé: ${motifSaut}`;
  return `${local(at)}  ${modele}, niveau ${niveau}, ${formatEuros(restantDu)}: ${rule}${why}`;
}

const describeShort = ({ at, niveau, modele, motifSaut }: Foreseen): string =>
  `${local(at)}  niveau ${niveau}, ${modele}${motifSaut && `, non envoyé: ${motifSaut}`}`;
