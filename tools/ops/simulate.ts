import { formatEuros, isNotFound, todayInParis } from '@crm/kit';
import { HolidayServiceService } from '@crm/proto/calendar/calendar';
import { ClientBaseServiceService } from '@crm/proto/clients/clients';
import { InvoiceServiceService } from '@crm/proto/factures/factures';
import { RegleRelanceServiceService, RelanceServiceService } from '@crm/proto/relance/relance';
import { usualDueDate } from '@crm/relance/due-at';
import { DEFAULT_LEVEL } from '@crm/relance/regles-relance';
import { Command } from 'commander';
import { Temporal } from 'temporal-polyfill';
import { PlainError } from '../plain-error.ts';
import { readPolicy } from '../simulation/read-policy.ts';
import type { Foreseen, Foresight, Simulated } from '../simulation/simulate-reminders.ts';
import { checkDate } from './check-date.ts';
import { local } from './local-time.ts';
import { withServices } from './service-callers.ts';

type Options = {
  invoice?: string;
  dateFacture?: string;
  dateEcheance?: string;
  montant?: string;
  policy?: string;
  compare?: string;
  until: string;
};

const YEARS = 5;

/** The reminders of an invoice as they will be, by the code that sends them. */
export const simulate = new Command('simulate')
  .description('what an invoice’s reminders will send and when, by the workflow that sends them')
  .option('--invoice <id>', 'an invoice of the running platform, as far as its reminders have come')
  .option('--date-facture <YYYY-MM-DD>', 'instead: the date of an invoice that is not there')
  .option('--date-echeance <YYYY-MM-DD>', 'its due date; left out: 30 days later')
  .option('--montant <cents>', 'what it comes to, in cents', '100000')
  .option('--policy <file.json>', 'the levels to go by, instead of those in force')
  .option('--compare <file2.json>', 'other levels: prints what they change')
  .requiredOption('--until <YYYY-MM-DD>', 'how far to look, to the end of that day')
  .addHelpText(
    'after',
    '\nA file: {"niveaux": [{"niveau": 1, "base": "DATE_FACTURE", "delai": "P15D", "modele": "rappel"}]}',
  )
  .action(async (options: Options) => {
    const until = endOf(options.until);
    const policy = options.policy ? readPolicy('--policy', options.policy) : undefined;
    const other = options.compare ? readPolicy('--compare', options.compare) : undefined;
    const simulated = { ...(await whatOf(options, policy !== undefined)), until };
    const simulateReminders = await loadSimulation();
    const one = await simulateReminders({ ...simulated, levels: policy ?? simulated.levels });
    print(one, options.until);
    if (!other) return;
    // reminders that run keep the levels they began with: other ones would be those of a new one
    const { relance: _, ...anew } = simulated;
    const two = await simulateReminders({ ...anew, levels: other });
    console.log(`\nAvec ${options.compare}:`);
    print(two, options.until);
    console.log('\nDifférence:');
    for (const line of differences(one, two)) console.log(line);
  });

/** Loaded when it is used: what it needs is not installed where Suivi only runs. */
async function loadSimulation() {
  try {
    const { quietRuntime } = await import('../quiet-runtime.ts');
    const { simulateReminders } = await import('../simulation/simulate-reminders.ts');
    quietRuntime();
    return simulateReminders;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw error;
    throw new PlainError(
      `simulate needs the development dependencies (npm install): ${(error as Error).message}`,
    );
  }
}

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
    const unless = <T>(answer: Promise<T>): Promise<T | undefined> =>
      answer.catch((error: unknown) => {
        if (isNotFound(error)) return undefined;
        throw error;
      });
    const relance = await unless(call('relance', RelanceServiceService).get({ id }));
    const client = await unless(call('clients', ClientBaseServiceService).get({ id: clientId }));
    const { regles } = await call('relance', RegleRelanceServiceService).list({
      organisationId,
      pageSize: 200,
    });
    const today = Temporal.PlainDate.from(todayInParis());
    const period = { du: today.toString(), au: today.add({ years: YEARS }).toString() };
    const { jours } = await call('calendar', HolidayServiceService).list({ organisationId, ...period });
    return {
      invoice,
      client: client ?? { email: '', sansRelance: false },
      levels: regles.length ? regles.sort((a, b) => a.niveau - b.niveau) : [DEFAULT_LEVEL],
      ownDays: jours.filter((jour) => jour.organisationId !== ''),
      ...(relance && !hasPolicy && { relance }),
    };
  });

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

function* differences(one: Foresight, two: Foresight): Generator<string> {
  const levels = new Set([...one.foreseen, ...two.foreseen].map(({ niveau }) => niveau));
  let count = 0;
  for (const niveau of [...levels].sort((a, b) => a - b)) {
    const [before, after] = [one, two].map(({ foreseen }) => foreseen.find((mail) => mail.niveau === niveau));
    const same = before && after && describeShort(before) === describeShort(after);
    if (same) continue;
    count += 1;
    if (before) yield `- ${describeShort(before)}`;
    if (after) yield `+ ${describeShort(after)}`;
  }
  if (count === 0) yield 'aucune';
}

const describeShort = ({ at, niveau, modele, motifSaut }: Foreseen): string =>
  `${local(at)}  niveau ${niveau}, ${modele}${motifSaut && `, non envoyé: ${motifSaut}`}`;

function endOf(until: string): Date {
  checkDate('--until', until);
  const today = Temporal.PlainDate.from(todayInParis());
  const latest = today.add({ years: YEARS }).toString();
  if (until < today.toString() || until > latest)
    throw new PlainError(`--until ${until} must be from today to ${latest}.`);
  const end = Temporal.PlainDate.from(until).add({ days: 1 }).toZonedDateTime('Europe/Paris');
  return new Date(end.epochMilliseconds);
}
