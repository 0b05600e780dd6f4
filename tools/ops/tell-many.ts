import type { CallSettings } from '@crm/kit';
import { formatEuros, presentationInWords } from '@crm/domain';
import {
  IssueCommande,
  type ResultatCommande,
  type ResultatsCommandes,
} from '@crm/proto/commandes/commandes';
import { FiltreRelances, RelanceServiceService } from '@crm/proto/relance/relance';
import { FiltreSchedules, RetryAdminServiceService } from '@crm/proto/retry/retry';
import { Command, InvalidArgumentError } from 'commander';
import { randomUUID } from 'node:crypto';
import { PlainError } from '../plain-error.ts';
import { A_CLIENT, findClient } from './find-client.ts';
import { AN_INVOICE, findInvoices } from './find-invoice.ts';
import { A_REJECTED_PAYMENT, findRejectedPayment } from './find-payment.ts';
import { inFlags } from './in-flags.ts';
import { withServices, type CallService } from './service-callers.ts';
import { local } from './words.ts';

type Options = {
  org?: string;
  client?: string;
  invoice?: string[];
  payment?: string[];
  level?: number;
  reason?: string;
  until?: string;
  day?: string;
  why?: string;
  key?: string;
  apply?: true;
};
type Which<Filter> = { cibles: { id: string; versionAttendue: undefined }[]; filtre?: Filter };
type Said = { simulation: boolean; motif: string };
type Tell = (
  call: CallService,
  options: Options,
  said: Said,
  settings: CallSettings,
) => Promise<ResultatsCommandes>;

/** The commands to many reminders: what each does, and its RPC. */
const OF_REMINDERS = {
  pause: { does: 'sends nothing until --until, or until resumed', rpc: 'pauseMany' },
  resume: { does: 'ends pauses', rpc: 'resumeMany' },
  'send-now': { does: 'sends the next reminder now, or at the next opening', rpc: 'sendNowMany' },
  skip: { does: 'leaves the next level out', rpc: 'skipMany' },
  cancel: { does: 'ends the reminders for good', rpc: 'cancelMany' },
} as const;

/** The commands to many retries. */
const OF_RETRIES = {
  cancel: { does: 'presents nothing any more', rpc: 'cancelMany' },
  'run-now': { does: 'presents at the next cut-off', rpc: 'runNowMany' },
  replan: { does: 'moves the next presentation to --day', rpc: 'replanMany' },
} as const;

/** How long one call may take: five hundred take a minute or two. */
const CALL_MS = 4 * 60_000;
/** How often what was not reached is tried again. */
const MOST_CALLS = 10;

const describedBy = (name: string, does: string, whose: string) =>
  new Command(name)
    .description(`${does}: ${whose}`)
    .option('--client <client>', `those of a client: ${A_CLIENT}`)
    .option('--org <id or code>', 'those of an organisation; or the one whose numbers and names these are')
    .option('--apply', 'do it; without it nothing is changed, and each is shown with what would become of it')
    .option('--why <reason>', 'why; kept in the history of each, with whose token it was')
    .option('--key <key>', 'of a command that was cut: goes on with the same ones, and repeats nothing');

/** The commands to the reminders of many invoices. */
export const tellReminders = (Object.keys(OF_REMINDERS) as (keyof typeof OF_REMINDERS)[]).map((name) => {
  const { does, rpc } = OF_REMINDERS[name];
  const command = describedBy(name, does, 'of some invoices, a client or an organisation')
    .option('--invoice <number>', `an invoice, again for each: ${AN_INVOICE}`, andOne)
    .option('--level <number>', 'only with this next level', level)
    .action((options: Options) =>
      tell(options, async (call, { until = '' }, said, settings) => {
        const request = {
          ...said,
          ...(await chooseReminders(call, options)),
          ...(until && { jusquAu: until }),
        };
        return await toTheEnd(() => call('relance', RelanceServiceService)[rpc](request, settings));
      }),
    );
  return name === 'pause'
    ? command.option('--until <day>', 'the day on which they go on, YYYY-MM-DD')
    : command;
});

/** The commands to the retries of many payments. */
export const tellRetries = new Command('retries').description('tells the retries of many rejected payments');
for (const name of Object.keys(OF_RETRIES) as (keyof typeof OF_RETRIES)[]) {
  const { does, rpc } = OF_RETRIES[name];
  const command = describedBy(name, does, 'of some payments, a client or an organisation')
    .option('--payment <number>', `a payment, again for each: ${A_REJECTED_PAYMENT}`, andOne)
    .option('--reason <code>', 'only of payments rejected for this reason: AM04')
    .action((options: Options) =>
      tell(options, async (call, { day = '' }, said, settings) => {
        const request = { ...said, ...(await chooseRetries(call, options)), ...(day && { datePrevue: day }) };
        return await toTheEnd(() => call('retry', RetryAdminServiceService)[rpc](request, settings));
      }),
    );
  if (name === 'replan') command.requiredOption('--day <day>', 'the new day, YYYY-MM-DD');
  tellRetries.addCommand(command);
}

async function tell(options: Options, carryOut: Tell): Promise<void> {
  const { why: motif = '' } = options;
  const simulation = !options.apply;
  const key = options.key ?? randomUUID();
  if (!simulation && !motif.trim()) throw new PlainError('--apply needs --why <reason>.');
  await withServices(async (call) => {
    if (!simulation && !options.key)
      console.error(
        `Si elle est coupée, la même commande avec --key ${key} continue, et ne fait rien deux fois.`,
      );
    const settings = { deadlineMs: CALL_MS, metadata: { 'idempotency-key': key } };
    const said = { simulation, motif: motif || 'simulation' };
    const answer = await carryOut(call, options, said, settings).catch((error: unknown) =>
      inFlags(error, {
        jusquAu: `--until ${options.until}`,
        datePrevue: `--day ${options.day}`,
        motif: '--why',
        'filtre.motifRejet': '--reason',
        filtre: options.client ? '--client' : '--org',
      }),
    );
    for (const result of answer.resultats) console.log(describe(result));
    const possible = answer.faisables + answer.faites;
    const refused = answer.resultats.length - possible;
    console.log(
      simulation
        ? `À faire : ${possible}, impossibles : ${refused}.`
        : `Faites : ${possible}, non faites : ${refused}.`,
    );
    if (simulation && possible > 0)
      console.log('Rien n’a été changé : faites-le avec --apply --why <raison>.');
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

const targets = (ids: string[]) => ({
  // who names one twice means it once
  cibles: [...new Set(ids)].map((id) => ({ id, versionAttendue: undefined })),
});

/** The reminders that are meant. */
async function chooseReminders(
  call: CallService,
  { org = '', client, invoice, level = 0 }: Options,
): Promise<Which<FiltreRelances>> {
  if (invoice && (client !== undefined || level))
    throw new PlainError('Say --invoice, again for each; or --client, --org, --level.');
  if (invoice) return targets((await findInvoices(call, invoice, org)).map(({ id }) => id));
  const of = await whose(call, { org, client }, '--invoice <number>');
  return { cibles: [], filtre: FiltreRelances.fromPartial({ prochainNiveau: level, ...of }) };
}

/** The retries that are meant. */
async function chooseRetries(
  call: CallService,
  { org = '', client, payment, reason = '' }: Options,
): Promise<Which<FiltreSchedules>> {
  if (payment && (client !== undefined || reason))
    throw new PlainError('Say --payment, again for each; or --client, --org, --reason.');
  if (payment) {
    const found = await Promise.all(payment.map((named) => findRejectedPayment(call, named, org)));
    return targets(found.map(({ id }) => id));
  }
  const of = await whose(call, { org, client }, '--payment <number>');
  return { cibles: [], filtre: FiltreSchedules.fromPartial({ motifRejet: reason, ...of }) };
}

async function whose(
  call: CallService,
  { org, client }: { org: string; client: string | undefined },
  one: string,
): Promise<{ clientId: string } | { organisationId: string }> {
  if (client !== undefined) return { clientId: (await findClient(call, client, org)).id };
  if (!org) throw new PlainError(`Say which: ${one}, --client <client> or --org <id or code>.`);
  return { organisationId: org };
}

const RESULTS: Partial<Record<IssueCommande, string>> = {
  [IssueCommande.FAITE]: 'faite',
  [IssueCommande.FAISABLE]: 'à faire',
  [IssueCommande.REFUSEE]: 'refusée',
  [IssueCommande.INTROUVABLE]: 'introuvable',
  [IssueCommande.INCERTAINE]: 'sans réponse, peut encore être faite',
  [IssueCommande.NON_ATTEINTE]: 'non atteinte',
};

/** "F-2026-0042, Boulangerie Martin, 1 200,00 €, niveau 1 2026-06-01 09:00: faite". */
function describe({
  cible,
  numeroFacture,
  client,
  montant,
  numero,
  prochaineAt,
  ...one
}: ResultatCommande): string {
  const what = one.paymentId ? presentationInWords(numero + 1) : `niveau ${numero}`;
  const next = numero > 0 ? `${what}${prochaineAt ? ` ${local(prochaineAt)}` : ''}` : '';
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
