import { formatDate } from '@crm/domain';
import { everyPage } from '@crm/kit';
import { AttenteRelanceServiceService, type AttenteRelance } from '@crm/proto/relance/attentes';
import { Command } from 'commander';
import { merged } from './merged.ts';
import { namesOfOrganisation } from './names-of-organisation.ts';
import { withServices, type CallService } from './service-callers.ts';

/** Lists and lifts holds on clients' reminders. */
export const holds = new Command('holds').description(
  'what holds back the reminders of clients until it is ended: an answer of theirs',
);

type Options = { org?: string; client?: string; all?: boolean };

holds
  .command('list')
  .description('what holds, newest first: its id, whose, since when, why and the task that ends it')
  .option('--org <id or code>', 'of an organisation')
  .option('--client <id>', 'of a client')
  .option('--all', 'those that have ended, too, with who ended them and why')
  .action(async ({ org = '', client = '', all = false }: Options) => {
    await withServices(async (call) => {
      const names = org ? await namesOfOrganisation(call, org) : [''];
      const lists = names.map((organisationId) =>
        listOf(call, { organisationId, clientId: client, ouvertes: !all }),
      );
      let count = 0;
      for await (const one of merged(lists, newestFirst)) {
        console.log(describe(one));
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
      console.log(describe(await call('relance', AttenteRelanceServiceService).lever({ id, motif: why })));
    });
  });

async function* listOf(
  call: CallService,
  request: { organisationId: string; clientId: string; ouvertes: boolean },
): AsyncGenerator<AttenteRelance, void> {
  const attentes = call('relance', AttenteRelanceServiceService);
  for await (const page of everyPage((at) => attentes.list({ ...request, ...at }))) yield* page.attentes;
}

const newestFirst = (one: AttenteRelance, other: AttenteRelance): number =>
  other.createdAt!.getTime() - one.createdAt!.getTime();

function describe({ id, organisationId, clientId, motif, tacheId, ...one }: AttenteRelance): string {
  const since = `depuis le ${formatDate(one.createdAt!)}`;
  const until = one.leveeAt
    ? `levée le ${formatDate(one.leveeAt)} par ${one.leveePar}: ${one.leveeMotif}`
    : tacheId && `jusqu’à la fin de la tâche ${tacheId}`;
  return [id, `client ${clientId} (${organisationId})`, motif, since, until].filter(Boolean).join(', ');
}
