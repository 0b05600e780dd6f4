import { clientName, formatDate } from '@crm/domain';
import { everyPage, orUndefined, remembered } from '@crm/kit';
import { ClientBaseServiceService } from '@crm/proto/clients/clients';
import { InvoiceServiceService } from '@crm/proto/factures/factures';
import { AttenteRelanceServiceService, type AttenteRelance } from '@crm/proto/relance/attentes';
import { Command } from 'commander';
import { PlainError } from '../plain-error.ts';
import { A_CLIENT, findClient } from './find-client.ts';
import { AN_INVOICE, findInvoice, findInvoices } from './find-invoice.ts';
import { HOLD_KINDS, toHold, type HoldOptions } from './hold-options.ts';
import { withServices, type CallService } from './service-callers.ts';

/** Creates, lists and lifts holds on clients' reminders. */
export const holds = new Command('holds').description(
  `what holds back reminders: an answer of the client, a promise to pay, instalments, a dispute, "ask me first"`,
);

/** One value more of an option that can be given several times. */
const andOne = (value: string, values: string[] = []): string[] => [...values, value];

holds
  .command('create')
  .argument('<kind>', Object.keys(HOLD_KINDS).join(', '))
  .description('holds back the reminders of invoices, or of a whole client; amounts stay in every figure')
  .option('--invoice <number>', `an invoice, again for each: ${AN_INVOICE}`, andOne)
  .option('--client <client>', `instead of invoices, all of a client: ${A_CLIENT}`)
  .option('--org <id or code>', 'the organisation; needed where several have the number or the name')
  .option('--until <day>', 'the last day, YYYY-MM-DD; of a promesse the promised day')
  .option('--amount <euros>', 'promesse: what was promised, 1200,50; left out: all that is left to pay')
  .option('--instalment <day:euros>', 'echeancier: 2026-07-03:400, again for each', andOne)
  .option('--grace <days>', 'promesse, echeancier: open days after a promised day; left out: 2')
  .requiredOption('--why <reason>', 'why; kept in the history, with whose token it was')
  .action(async (kind: string, options: HoldOptions & Named) => {
    const hold = toHold(kind, options);
    await withServices(async (call) => {
      const { invoice: named = [], client, org = '' } = options;
      if (named.length > 0 === (client !== undefined))
        throw new PlainError('Say --invoice, again for each, or --client.');
      const invoices = await findInvoices(call, named, org);
      const whole = client === undefined ? undefined : await findClient(call, client, org);
      const created = await call('relance', AttenteRelanceServiceService).create({
        ...hold,
        invoiceIds: invoices.map(({ id }) => id),
        clientId: whole?.id ?? '',
        organisationId: whole ? (whole.organisationId ?? org) : '',
      });
      console.log(await describer(call)(created));
    });
  });

type Named = { invoice?: string[]; client?: string; org?: string };
type ListOptions = { org?: string; client?: string; invoice?: string; kind?: string; all?: boolean };

holds
  .command('list')
  .description('what holds, newest first: its id, what it is, whose, since when and until when')
  .option('--org <id or code>', 'of an organisation')
  .option('--client <client>', `of a client: ${A_CLIENT}`)
  .option('--invoice <number>', `of an invoice: ${AN_INVOICE}`)
  .option('--kind <kind>', `of a kind: ${Object.keys(HOLD_KINDS).join(', ')}`)
  .option('--all', 'those that have ended, too, with who ended them and why')
  .action(async ({ org = '', client, invoice, kind, all = false }: ListOptions) => {
    const genre = kind === undefined ? undefined : toHold(kind, {}).genre;
    await withServices(async (call) => {
      const clientId = client ? (await findClient(call, client, org)).id : '';
      const invoiceId = invoice ? (await findInvoice(call, invoice, org)).id : '';
      const which = { organisationId: org, clientId, invoiceId, ouvertes: !all, ...(genre && { genre }) };
      const describe = describer(call);
      let count = 0;
      const attentes = call('relance', AttenteRelanceServiceService);
      for await (const page of everyPage((at) => attentes.list({ ...which, ...at })))
        for (const one of page.attentes) {
          console.log(await describe(one));
          count += 1;
        }
      if (count === 0) console.log('Rien ne retient de relance.');
    });
  });

holds
  .command('lift <id>')
  .description('ends one: what is due goes out at the next opening')
  .requiredOption(
    '--why <reason>',
    'why; kept in the history, with whose token it was (TOKEN, else the operator)',
  )
  .action(async (id: string, { why }: { why: string }) => {
    await withServices(async (call) => {
      const lifted = await call('relance', AttenteRelanceServiceService).lever({ id, motif: why });
      console.log(await describer(call)(lifted));
    });
  });

/** Describes holds, with the names of their clients and the numbers of their invoices. */
function describer(call: CallService) {
  const clients = call('clients', ClientBaseServiceService);
  const factures = call('factures', InvoiceServiceService);
  const nameOf = remembered(async (id: string) => {
    const client = await orUndefined(clients.get({ id }));
    return client ? clientName(client) : `client ${id}`;
  });
  return async ({ id, clientId, libelle, tacheId, ...one }: AttenteRelance): Promise<string> => {
    const { invoiceIds: ids } = one;
    const { invoices } =
      ids.length > 0 ? await factures.list({ ids, pageSize: ids.length }) : { invoices: [] };
    const numbers = invoices.map(({ numero }) => numero).sort();
    const since = `depuis le ${formatDate(one.createdAt!)}`;
    const until = one.leveeAt
      ? `levée le ${formatDate(one.leveeAt)} par ${one.leveePar}: ${one.leveeMotif}`
      : tacheId && `jusqu’à la fin de la tâche ${tacheId}`;
    return [id, libelle, await nameOf(clientId), numbers.join(' '), since, until].filter(Boolean).join(', ');
  };
}
