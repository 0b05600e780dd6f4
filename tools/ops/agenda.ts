import { formatEuros, inParis, PARIS } from '@crm/domain';
import { EcheanceAgenda } from '@crm/proto/relance/agenda';
import { Command } from 'commander';
import { PlainError } from '../plain-error.ts';
import { agendaLines } from './agenda-lines.ts';
import { AGENDA_DAYS, agendaWindow } from './agenda-window.ts';
import { A_CLIENT, findClient } from './find-client.ts';
import { withServices } from './service-callers.ts';

type Options = { org?: string; client?: string; from?: string; to?: string; json?: boolean };

/** Prints what is to come, from the relance service. */
export const agenda = new Command('agenda')
  .description('every mail, debit and task to come, in order, with why and what would stop it')
  .option('--org <id or code>', 'of an organisation')
  .option('--client <name>', `of a client: ${A_CLIENT}; with --org, as this organisation knows it`)
  .option('--from <YYYY-MM-DD>', 'first day; left out: today, with what is late')
  .option('--to <YYYY-MM-DD>', `last day; left out: ${AGENDA_DAYS} days after the first one, a year at most`)
  .option('--json', 'one JSON object a line, as RelanceService/Agenda answers')
  .action(async ({ org = '', client = '', from, to, json }: Options) => {
    if (!org && !client) throw new PlainError('Say whose: --org <id>, --client <name>, or both.');
    const { du, au } = agendaWindow(from, to);
    await withServices(async (call) => {
      const clientId = client && (await findClient(call, client, org)).id;
      let count = 0;
      let day = '';
      for await (const one of agendaLines(call, { organisationId: org, clientId, du, au })) {
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
    ...(one.clientNom && !libelle.includes(one.clientNom) ? [one.clientNom] : []),
    ...(montant > 0n ? [formatEuros(montant)] : []),
    ...(condition ? [condition] : []),
    ...(one.enPause ? [until] : []),
    ...(one.enRetard ? ['en retard'] : []),
  ].join(', ');
  yield `  ${hour}  ${what}`;
  yield `         pourquoi: ${one.pourquoi}`;
  yield `         arrêt: ${one.arret}`;
}
