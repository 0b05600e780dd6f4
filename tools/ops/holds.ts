import { everyPage, formatDate } from '@crm/kit';
import { AttenteRelanceServiceService, type AttenteRelance } from '@crm/proto/relance/attentes';
import { Command } from 'commander';
import { withServices } from './service-callers.ts';

/** What holds back clients' reminders. */
export const holds = new Command('holds').description(
  'what holds back the reminders of clients until it is ended: an answer of theirs',
);

type Options = { org?: string; client?: string; all?: boolean };

holds
  .command('list')
  .description('what holds, newest first: its id, whose, since when, why and the task that ends it')
  .option('--org <id>', 'of an organisation')
  .option('--client <id>', 'of a client')
  .option('--all', 'those that have ended, too, with who ended them and why')
  .action(async ({ org = '', client = '', all = false }: Options) => {
    await withServices(async (call) => {
      const attentes = call('relance', AttenteRelanceServiceService);
      const whose = { organisationId: org, clientId: client, ouvertes: !all };
      let count = 0;
      for await (const page of everyPage((at) => attentes.list({ ...whose, ...at }))) {
        for (const one of page.attentes) console.log(describe(one));
        count += page.attentes.length;
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
      console.log(describe(await call('relance', AttenteRelanceServiceService).lever({ id, motif: why })));
    });
  });

function describe({ id, organisationId, clientId, motif, tacheId, ...one }: AttenteRelance): string {
  const since = `depuis le ${formatDate(one.createdAt!)}`;
  const until = one.leveeAt
    ? `levée le ${formatDate(one.leveeAt)} par ${one.leveePar}: ${one.leveeMotif}`
    : tacheId && `jusqu’à la fin de la tâche ${tacheId}`;
  return [id, `client ${clientId} (${organisationId})`, motif, since, until].filter(Boolean).join(', ');
}
