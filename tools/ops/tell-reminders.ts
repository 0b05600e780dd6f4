import { formatEuros } from '@crm/domain';
import {
  IssueCommande,
  type ResultatCommande,
  type ResultatsCommandes,
} from '@crm/proto/commandes/commandes';
import { FiltreRelances, RelanceServiceService } from '@crm/proto/relance/relance';
import { Command, InvalidArgumentError } from 'commander';
import { randomUUID } from 'node:crypto';
import { PlainError } from '../plain-error.ts';
import { A_CLIENT, findClient } from './find-client.ts';
import { AN_INVOICE, findInvoice } from './find-invoice.ts';
import { inFlags } from './in-flags.ts';
import { withServices, type CallService } from './service-callers.ts';
import { local } from './words.ts';

type Options = {
  org?: string;
  client?: string;
  invoice?: string[];
  level?: number;
  until?: string;
  why?: string;
  key?: string;
  apply?: true;
};
type Which = { cibles: { id: string; versionAttendue: undefined }[]; filtre?: FiltreRelances };

/** The commands to many reminders: what each does, and its RPC. */
const COMMANDS = {
  pause: { does: 'sends nothing until --until, or until resumed', rpc: 'pauseMany' },
  resume: { does: 'ends pauses', rpc: 'resumeMany' },
  'send-now': { does: 'sends the next reminder now, or at the next opening', rpc: 'sendNowMany' },
  skip: { does: 'leaves the next level out', rpc: 'skipMany' },
  cancel: { does: 'ends the reminders for good', rpc: 'cancelMany' },
} as const;

/** How long one call may take: five hundred take a minute or two. */
const CALL_MS = 4 * 60_000;
/** How often what was not reached is tried again. */
const MOST_CALLS = 10;

/** The commands to the reminders of many invoices. */
export const tellReminders = (Object.keys(COMMANDS) as (keyof typeof COMMANDS)[]).map((name) => {
  const command = new Command(name)
    .description(`${COMMANDS[name].does}: of some invoices, a client or an organisation`)
    .option('--invoice <number>', `an invoice, again for each: ${AN_INVOICE}`, andOne)
    .option('--client <client>', `those of a client: ${A_CLIENT}`)
    .option('--org <id or code>', 'those of an organisation; or the one whose numbers and names these are')
    .option('--level <number>', 'only with this next level', level)
    .option('--apply', 'do it; without it nothing is changed, and each is shown with what would become of it')
    .option('--why <reason>', 'why; kept in the history of each, with whose token it was')
    .option('--key <key>', 'of a command that was cut: goes on with the same ones, and repeats nothing')
    .action((options: Options) => tell(name, options));
  return name === 'pause'
    ? command.option('--until <day>', 'the day on which they go on, YYYY-MM-DD')
    : command;
});

async function tell(name: keyof typeof COMMANDS, options: Options): Promise<void> {
  const { why: motif = '', until: jusquAu = '' } = options;
  const simulation = !options.apply;
  const key = options.key ?? randomUUID();
  if (!simulation && !motif.trim()) throw new PlainError('--apply needs --why <reason>.');
  await withServices(async (call) => {
    const relances = call('relance', RelanceServiceService);
    const which = await choose(call, options);
    if (!simulation && !options.key)
      console.error(`If this is cut, the same command with --key ${key} goes on and repeats nothing.`);
    const request = { ...which, simulation, motif: motif || 'simulation', ...(jusquAu && { jusquAu }) };
    const settings = { deadlineMs: CALL_MS, metadata: { 'idempotency-key': key } };
    const answer = await toTheEnd(() => relances[COMMANDS[name].rpc](request, settings)).catch(
      (error: unknown) =>
        inFlags(error, {
          jusquAu: `--until ${jusquAu}`,
          motif: '--why',
          filtre: options.client ? '--client' : '--org',
        }),
    );
    for (const result of answer.resultats) console.log(describe(result));
    const possible = answer.faisables + answer.faites;
    const refused = answer.resultats.length - possible;
    console.log(`${possible} ${simulation ? 'would be told' : 'done'}, ${refused} not`);
    if (simulation && possible > 0) console.log('Nothing was changed. Do it with --apply --why <reason>.');
    if (refused > 0) process.exitCode = 1;
  });
}

/** Repeats a call, under one key, until each was reached or nothing moves any more. */
async function toTheEnd(carryOut: () => Promise<ResultatsCommandes>): Promise<ResultatsCommandes> {
  let left = Infinity;
  for (let calls = 1; ; calls += 1) {
    const answer = await carryOut();
    const still = answer.nonAtteintes + answer.incertaines;
    if (still === 0 || still >= left || calls === MOST_CALLS) return answer;
    left = still;
  }
}

/** The reminders that are meant. */
async function choose(call: CallService, { org = '', client, invoice, level = 0 }: Options): Promise<Which> {
  if (invoice && (client !== undefined || level))
    throw new PlainError('Say --invoice, again for each; or --client, --org, --level.');
  if (invoice) {
    const found = await Promise.all(invoice.map((named) => findInvoice(call, named, org)));
    // who names one twice means it once
    const ids = [...new Set(found.map(({ id }) => id))];
    return { cibles: ids.map((id) => ({ id, versionAttendue: undefined })) };
  }
  const filter = (some: Partial<FiltreRelances>): Which => ({
    cibles: [],
    filtre: FiltreRelances.fromPartial({ prochainNiveau: level, ...some }),
  });
  if (client !== undefined) return filter({ clientId: (await findClient(call, client, org)).id });
  if (!org) throw new PlainError('Say which: --invoice <number>, --client <client> or --org <id or code>.');
  return filter({ organisationId: org });
}

const RESULTS: Partial<Record<IssueCommande, string>> = {
  [IssueCommande.FAITE]: 'done',
  [IssueCommande.FAISABLE]: 'would be told',
  [IssueCommande.REFUSEE]: 'refused',
  [IssueCommande.INTROUVABLE]: 'has no reminders',
  [IssueCommande.INCERTAINE]: 'no answer, it may still be carried out',
  [IssueCommande.NON_ATTEINTE]: 'not reached',
};

/** "F-2026-0042, Boulangerie Martin, 1 200,00 €, niveau 1 2026-06-01 09:00: done". */
function describe({
  cible,
  numeroFacture,
  client,
  montant,
  numero,
  prochaineAt,
  ...one
}: ResultatCommande): string {
  const next = numero > 0 ? `niveau ${numero}${prochaineAt ? ` ${local(prochaineAt)}` : ''}` : '';
  const about = [numeroFacture || cible, client, one.id && formatEuros(montant), next]
    .filter(Boolean)
    .join(', ');
  return `${about}: ${RESULTS[one.issue] ?? one.issue}${one.message && `: ${one.message}`}`;
}

/** One value more of an option that can be given several times. */
function andOne(value: string, values: string[] = []): string[] {
  return [...values, value];
}

function level(value: string): number {
  const number = Number(value);
  if (!Number.isInteger(number) || number < 1) throw new InvalidArgumentError('It is 1, 2, 3, …');
  return number;
}
