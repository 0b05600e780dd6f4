import { addDays, formatEuros, inParis, LAST_DATE, PARIS, todayInParis } from '@crm/domain';
import { everyPage } from '@crm/kit';
import { EcheanceAgenda, type AgendaRequest } from '@crm/proto/relance/agenda';
import { RelanceServiceService } from '@crm/proto/relance/relance';
import { Command } from 'commander';
import { PlainError } from '../plain-error.ts';
import { checkDate } from './check-date.ts';
import { A_CLIENT, findClient } from './find-client.ts';
import { merged } from './merged.ts';
import { namesOfOrganisation } from './names-of-organisation.ts';
import { withServices, type CallService } from './service-callers.ts';

type Options = { org?: string; client?: string; from?: string; to?: string; json?: boolean };

const DEFAULT_DAYS = 90;
/** The last day of the calendar. */
const LAST_DAY = addDays(LAST_DATE, -1);
/** The number of entries per call. */
const PAGE = 1_000;

/** Prints what is to come, from the relance service. */
export const agenda = new Command('agenda')
  .description('every mail, debit and task to come, in order, with why and what would stop it')
  .option('--org <id or code>', 'of an organisation')
  .option('--client <name>', `of a client: ${A_CLIENT}; with --org, as this organisation knows it`)
  .option('--from <YYYY-MM-DD>', 'first day; left out: today, with what is late')
  .option('--to <YYYY-MM-DD>', `last day; left out: ${DEFAULT_DAYS} days after the first one, a year at most`)
  .option('--json', 'one JSON object a line, as RelanceService/Agenda answers')
  .action(async ({ org = '', client = '', from, to, json }: Options) => {
    if (!org && !client) throw new PlainError('Say whose: --org <id>, --client <name>, or both.');
    const du = from ?? todayInParis();
    checkDay('--from', du);
    const au = to ?? lastDayFrom(du);
    checkDay('--to', au);
    if (au < du) throw new PlainError(`--to ${au} is before --from ${du}.`);
    await withServices(async (call) => {
      const clientId = client && (await findClient(call, client, org)).id;
      const names = org ? await namesOfOrganisation(call, org) : [''];
      const lists = names.map((organisationId) =>
        listOf(call, { organisationId, clientId, du, au, pageSize: PAGE }),
      );
      let count = 0;
      let day = '';
      for await (const one of merged(lists, inTime)) {
        if (json) {
          console.log(JSON.stringify(EcheanceAgenda.toJSON(one)));
          continue;
        }
        const its = dayOf(one);
        if (its !== day) console.log(`${count ? '\n' : ''}${its}`);
        day = its;
        count += 1;
        for (const text of describe(one)) console.log(text);
      }
      if (!json)
        console.log(count ? `\n${count} échéance${count > 1 ? 's' : ''}` : `Rien du ${du} au ${au}.`);
    });
  });

function checkDay(flag: string, day: string): void {
  checkDate(flag, day);
  if (day > LAST_DAY) throw new PlainError(`${flag} ${day} is too late: an agenda ends on ${LAST_DAY}.`);
}

/** The default last day, at most the end of the calendar. */
function lastDayFrom(du: string): string {
  const au = addDays(du, DEFAULT_DAYS);
  return au < LAST_DAY ? au : LAST_DAY;
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

const DAY = new Intl.DateTimeFormat('fr-FR', { dateStyle: 'full', timeZone: PARIS });

/** "lundi 1er juin 2026". */
const dayOf = ({ datePrevue }: EcheanceAgenda): string =>
  datePrevue ? DAY.format(datePrevue).replace(/ 1 /, ' 1er ') : 'Sans date';

/** "  09:00  Relance J+15 de la facture F-2026-0042, 1 200,00 €", then why, and what would stop it. */
function* describe(one: EcheanceAgenda): Generator<string> {
  const { datePrevue, jourEntier, libelle, montant, condition } = one;
  const hour =
    datePrevue && !jourEntier
      ? inParis(datePrevue).toPlainTime().toString({ smallestUnit: 'minute' })
      : '  –  ';
  const until = one.pauseJusquAu ? `en pause jusqu’au ${one.pauseJusquAu}` : 'en pause jusqu’à nouvel ordre';
  const what = [
    libelle,
    ...(montant > 0n ? [formatEuros(montant)] : []),
    ...(condition ? [condition] : []),
    ...(one.enPause ? [until] : []),
    ...(one.enRetard ? ['en retard'] : []),
  ].join(', ');
  yield `  ${hour}  ${what}`;
  yield `         pourquoi: ${one.pourquoi}`;
  yield `         arrêt: ${one.arret}`;
}
