import type { Db } from '@crm/db';
import { formatDate, formatEuros } from '@crm/domain';
import { everyPage } from '@crm/kit';
import { PaymentServiceService, type TransactionInconnue } from '@crm/proto/payments/payments';
import { Command } from 'commander';
import { PlainError } from '../plain-error.ts';
import { CLOSE_FLAGS, HAPPENED, toCloseRequest, type CloseOptions } from './close-line.ts';
import { inFlags } from './in-flags.ts';
import { withDb } from './connections.ts';
import { findCandidate } from './find-candidate.ts';
import { withServices } from './service-callers.ts';
import { counted, local } from './words.ts';

/** Prints and closes what came from the bank. */
export const bankReports = new Command('bank-reports').description(
  'reports of the bank (pain.002, camt.054)',
);

bankReports
  .command('list')
  .description(
    'those that somebody has to look at, oldest first: refused, unfinished, or with unknown lines; then these lines',
  )
  .option('--all', 'the other reports too')
  .action(async ({ all }: { all?: boolean }) => {
    await withDb(async (db) => {
      const rows = await db.bankReport.findMany({
        where: all ? {} : { OR: [{ importeAt: null }, { inconnus: { gt: 0 } }] },
        orderBy: { id: 'desc' },
        take: 200,
      });
      for (const row of rows.reverse()) {
        const { id, createdAt, canal, statut, nomFichier, motif, ...counts } = row;
        const { confirmes, rejetes, inconnus } = counts;
        const outcome = motif || `${confirmes} confirmed, ${rejetes} rejected, ${inconnus} unknown`;
        const line = [id, createdAt.toISOString(), canal, statut, nomFichier, outcome, whereKept(row)];
        console.log(line.filter(Boolean).join('  '));
      }
      console.log(counted(rows.length, 'report'));
    });
    await listOpenLines();
  });

bankReports
  .command('close <report> <rank>')
  .description(
    'says what an unknown line is, once and for good; `list` names its report and its rank. It is kept with whose token it was (TOKEN, else the operator)',
  )
  .option(
    '--payment <reference>',
    'it is of this payment, and applied to it as if it had been matched: the number of its invoice, the reference of its contract or mandate, its EndToEndId, or its id',
  )
  .option('--attempt <n>', 'with --payment: of this attempt (default: the last one that was presented)')
  .option(
    `--as <what>`,
    `with --payment: what happened, where the line does not say: ${Object.keys(HAPPENED).join(', ')}`,
  )
  .option('--other-amount', 'with --payment: another amount than was presented is meant')
  .option('--other-system', 'it is of a debit that another system presented')
  .option('--dismiss', 'nothing follows from it')
  .option('--why <reason>', 'why, in one line; required')
  .action(async (report: string, rank: string, options: CloseOptions) => {
    const request = toCloseRequest(report, rank, options);
    await withServices(async (call) => {
      const { fait } = request;
      if (fait?.$case === 'paiement') fait.value.id = await findCandidate(call, request, fait.value.id);
      const closing = call('payments', PaymentServiceService).cloreLigneInconnue(request);
      console.log(describe(await closing.catch((error: unknown) => inFlags(error, CLOSE_FLAGS))));
    });
  });

bankReports
  .command('show <id>')
  .description('one, with every transaction of it that changed nothing, and why')
  .action((id: string) =>
    withDb(async (db) => {
      console.log(JSON.stringify(await find(db, id), null, 2));
      const unknown = await db.reportTransaction.findMany({
        where: { reportId: id, issue: 'INCONNU', cloture: '' },
        orderBy: { rang: 'asc' },
      });
      for (const { rang, ligne, endToEndId, etat, motifRejet, montant, motif } of unknown) {
        const amount = montant === null ? '' : `${montant} cents`;
        console.log(
          [`rank ${rang}`, `line ${ligne}`, endToEndId, etat, motifRejet, amount, motif]
            .filter(Boolean)
            .join('  '),
        );
      }
      console.log(`${unknown.length} unknown`);
    }),
  );

async function listOpenLines(): Promise<void> {
  await withServices(async (call) => {
    const payments = call('payments', PaymentServiceService);
    let count = 0;
    for await (const { lignes } of everyPage((at) => payments.listLignesInconnues({ ...OF_ALL, ...at }))) {
      for (const line of lignes) console.log(describe(line));
      count += lignes.length;
    }
    console.log(counted(count, 'open line'));
  });
}

const OF_ALL = { rapportId: '', organisationId: '', closes: false };
const DAY_MS = 86_400_000;

/** Describes a line: its id, amount, date, references, what the bank said, and why nothing followed. */
function describe(line: TransactionInconnue): string {
  const { rapportId, rang, montant, devise, survenuAt, etat, motifRejet, motif, recuAt, cloture } = line;
  const amount =
    montant === undefined
      ? 'no amount'
      : devise === 'EUR'
        ? formatEuros(montant)
        : `${Number(montant) / 100} ${devise}`;
  const reference = [line.endToEndId, line.instrId, line.rum, line.blocId, line.messageId].find(Boolean);
  const said = [etat.replace('TRANSACTION_', ''), motifRejet].filter(Boolean).join(' ');
  const days = recuAt && Math.max(0, Math.floor((Date.now() - recuAt.getTime()) / DAY_MS));
  const state = cloture
    ? `${cloture.genre.replace('CLOTURE_', '')} by ${cloture.par}: ${cloture.pourquoi}`
    : days !== undefined && `open for ${days === 0 ? 'less than a day' : counted(days, 'day')}`;
  const when = survenuAt ? formatDate(survenuAt) : 'no date';
  const words = [`${rapportId} ${rang}`, amount, when, reference ?? 'no reference', said, motif, state];
  return words.filter(Boolean).join('  ');
}

/** Where a refused file is kept, or that it was deleted. */
const whereKept = ({ fichier, effaceAt }: { fichier: string; effaceAt: Date | null }): string =>
  effaceAt ? `(${fichier} was deleted on ${local(effaceAt)}: BANK_REFUSED_MAX_MB was full)` : fichier;

async function find(db: Db, id: string) {
  const row = await db.bankReport.findUnique({ where: { id } });
  if (!row)
    throw new PlainError(`There is no bank report ${id}. See: npm run -s ops -- bank-reports list --all`);
  return row;
}
