import type { Db } from '@crm/db';
import { Command } from 'commander';
import { PlainError } from '../plain-error.ts';
import { withDb } from './connections.ts';
import { local } from './words.ts';

/** What came from the bank. */
export const bankReports = new Command('bank-reports').description(
  'reports of the bank (pain.002, camt.054)',
);

bankReports
  .command('list')
  .description('those that somebody has to look at, oldest first: refused, unfinished, or with unknown lines')
  .option('--all', 'the others too')
  .action(({ all }: { all?: boolean }) =>
    withDb(async (db) => {
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
      console.log(`${rows.length} report${rows.length === 1 ? '' : 's'}`);
    }),
  );

bankReports
  .command('show <id>')
  .description('one, with every transaction of it that changed nothing, and why')
  .action((id: string) =>
    withDb(async (db) => {
      console.log(JSON.stringify(await find(db, id), null, 2));
      const unknown = await db.reportTransaction.findMany({
        where: { reportId: id, issue: 'INCONNU' },
        orderBy: { rang: 'asc' },
      });
      for (const { ligne, endToEndId, etat, motifRejet, montant, motif } of unknown) {
        const amount = montant === null ? '' : `${montant} cents`;
        console.log(
          [`line ${ligne}`, endToEndId, etat, motifRejet, amount, motif].filter(Boolean).join('  '),
        );
      }
      console.log(`${unknown.length} unknown`);
    }),
  );

/** Where a refused file is, or that it is gone. */
const whereKept = ({ fichier, effaceAt }: { fichier: string; effaceAt: Date | null }): string =>
  effaceAt ? `(${fichier} was deleted on ${local(effaceAt)}: BANK_REFUSED_MAX_MB was full)` : fichier;

async function find(db: Db, id: string) {
  const row = await db.bankReport.findUnique({ where: { id } });
  if (!row)
    throw new PlainError(`There is no bank report ${id}. See: npm run -s ops -- bank-reports list --all`);
  return row;
}
