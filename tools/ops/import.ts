import { readFile, stat } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { basename } from 'node:path';
import { ImportServiceService as ClientImports } from '@crm/proto/clients/imports';
import { ImportServiceService as InvoiceImports } from '@crm/proto/factures/imports';
import {
  BilanImport,
  LigneImport,
  SortLigne,
  type FauteImport,
  type ImportRequest,
  type ImportResponse,
} from '@crm/proto/imports/imports';
import { ClientBaseServiceService } from '@crm/proto/clients/clients';
import { SocieteServiceService } from '@crm/proto/organisations/organisations';
import { Command } from 'commander';
import { PlainError } from '../plain-error.ts';
import { adoptInvoices } from './adopt-invoices.ts';
import { checkWho } from './check-who.ts';
import { progress, say } from './progress.ts';
import { withServices, type CallService } from './service-callers.ts';
import { counted } from './words.ts';

/** Imports business data from CSV files. */
export const importFiles = new Command('import').description(
  'clients and open invoices from before Suivi, out of a CSV file: says what is wrong, and does it with --apply',
);

type Options = { org: string; apply?: true; skipFaulty?: true; json?: true };
type Call = (call: CallService, request: Partial<ImportRequest>) => AsyncIterable<ImportResponse>;

const MOST_BYTES = 4 * 1024 * 1024;
const DEADLINE_MS = 30 * 60_000;
/** A start of reminders costs little; so many a second disturb nobody. */
const STARTS_PER_SECOND = 20;

const HELP = `
The file is taken as it was exported: any separator, UTF-8, UTF-16 or Windows-1252, amounts as 1 234,56 €, dates as
31/12/2026, columns in any order. docs/import.md names the columns and has samples.
Without --apply nothing is created. With it, a file with faults creates nothing unless --skip-faulty says so. Do it
again whenever you like: what exists already stays as it is.`;

const command = (name: string, description: string) =>
  importFiles
    .command(`${name} <file.csv>`)
    .description(description)
    .requiredOption('--org <id or code>', 'of this organisation')
    .option('--apply', 'create what is right; without it only say what would be done')
    .option('--skip-faulty', 'with --apply: create the right lines of a file although others have faults')
    .option('--json', 'one JSON object a line of the file, with what became of it')
    .addHelpText('after', HELP);

command('clients', 'clients with their addresses; nobody is sent a welcome mail').action(
  async (file: string, options: Options) => {
    await importFile(file, options, (call, request) =>
      call('clients', ClientImports).import(request, { deadlineMs: DEADLINE_MS }),
    );
  },
);

command('invoices', 'open invoices under their own numbers, and starts their reminders as adopt does')
  .option('--no-adopt', 'do not start the reminders: ops adopt does it later')
  .option('--who <name>', 'who says so; kept in the history of the reminders', userInfo().username)
  .action(async (file: string, options: Options & { adopt: boolean; who: string }) => {
    checkWho(options.who);
    const only = await importFile(file, options, (call, request) =>
      call('factures', InvoiceImports).import(request, { deadlineMs: DEADLINE_MS }),
    );
    if (!options.apply || !options.adopt || only.size === 0) return;
    const { who, org } = options;
    await adoptInvoices({ org, who, yes: true, rate: STARTS_PER_SECOND, only }).catch((error: unknown) => {
      console.error(
        `Les factures sont importées, leurs relances ne le sont pas toutes : ops adopt --org ${org}`,
      );
      throw error;
    });
  });

/**
 * Imports a file and prints what became of it.
 * @returns the ids of what was created or existed
 */
async function importFile(file: string, options: Options, imports: Call) {
  const { apply, skipFaulty, json } = options;
  if (skipFaulty && !apply) throw new PlainError('--skip-faulty needs --apply.');
  const contenu = await readSmall(file);
  const only = new Set<string>();
  const { org } = options;
  await withServices(async (call) => {
    if (!(await isInUse(call, org)))
      console.error(`L’organisation ${org} n’a encore ni société ni client : vérifiez son nom.`);
    const request = {
      ...{ organisationId: org, nomFichier: basename(file).slice(0, 200), contenu },
      ...{ appliquer: apply === true, saufFautives: skipFaulty === true },
    };
    let done = 0;
    let bilan: BilanImport | undefined;
    try {
      for await (const answer of imports(call, request)) {
        if (!json) for (const remark of answer.remarques) say(remark);
        for (const line of answer.lignes) {
          if (line.id) only.add(line.id);
          if (json) console.log(JSON.stringify(LigneImport.toJSON(line)));
          else for (const text of describe(line)) say(text);
        }
        done = answer.traitees;
        bilan = answer.bilan;
        progress(`${done}/${answer.total}`);
      }
    } catch (error) {
      progress('');
      if (apply && done > 0)
        console.error(`Interrompu après ${done} lignes : recommencez, rien ne sera créé deux fois.`);
      throw error;
    }
    progress('');
    if (!bilan) return;
    if (!json) console.log(summary(bilan, apply === true));
    if (bilan.enFaute > 0) process.exitCode = 1;
  });
  return only;
}

async function isInUse(call: CallService, organisationId: string): Promise<boolean> {
  const one = { organisationId, pageSize: 1 };
  const { societes } = await call('organisations', SocieteServiceService).list(one);
  return (
    societes.length > 0 || (await call('clients', ClientBaseServiceService).list(one)).clients.length > 0
  );
}

async function readSmall(file: string): Promise<Buffer> {
  const { size } = await stat(file).catch((error: NodeJS.ErrnoException) => {
    throw new PlainError(error.code === 'ENOENT' ? `There is no file ${file}.` : error.message);
  });
  if (size > MOST_BYTES)
    throw new PlainError(`${file} has ${size} bytes, and ${MOST_BYTES} at most: split it.`);
  if (size === 0) throw new PlainError(`${file} is empty.`);
  return await readFile(file);
}

/** What there is to say of a line: nothing of one that is right. */
function* describe({ ligne, ligneTexte, libelle, sort, fautes, remarque }: LigneImport): Generator<string> {
  const where = ligneTexte === ligne ? `ligne ${ligne}` : `ligne ${ligne} (du texte : ${ligneTexte})`;
  const what = libelle ? `${where}, ${libelle}` : where;
  for (const faute of fautes) yield `${what} : ${describeFault(faute)}`;
  const words = { [SortLigne.REPETEE]: 'répétée', [SortLigne.SANS_OBJET]: 'non reprise' }[String(sort)];
  const told = [words, remarque].filter(Boolean).join(', ');
  if (told && fautes.length === 0) yield `${what} : ${told}`;
}

/** "Échéance « 31/02/2026 » : cette date n’existe pas". */
const describeFault = ({ colonne, valeur, message }: FauteImport): string =>
  [[colonne, valeur && `« ${valeur} »`].filter(Boolean).join(' '), message].filter(Boolean).join(' : ');

function summary(bilan: BilanImport, apply: boolean): string {
  const counts = [
    apply ? `${counted(bilan.creees, 'créée')}` : '',
    ...(bilan.aCreer > 0 || !apply ? [`${bilan.aCreer} à créer`] : []),
    ...(bilan.existantes > 0 ? [`${bilan.existantes} déjà dans Suivi`] : []),
    ...(bilan.repetees > 0 ? [counted(bilan.repetees, 'répétée')] : []),
    ...(bilan.sansObjet > 0 ? [`${bilan.sansObjet} sans objet`] : []),
    ...(bilan.enFaute > 0 ? [`${bilan.enFaute} en faute`] : []),
  ].filter(Boolean);
  const next =
    bilan.aCreer > 0
      ? bilan.enFaute > 0
        ? 'Rien n’a été créé : corrigez le fichier, ou créez les autres lignes avec --apply --skip-faulty.'
        : 'Rien n’a été créé : faites-le avec --apply.'
      : bilan.enFaute > 0 && bilan.creees === 0
        ? 'Rien n’a été créé : corrigez le fichier.'
        : '';
  return [`Lignes : ${counts.join(', ')}.`, next].filter(Boolean).join('\n');
}
