import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { CSV_START, csvLine } from '@crm/domain';
import { Command } from 'commander';
import { PlainError } from '../plain-error.ts';
import { agendaWindow } from './agenda-window.ts';
import { exportAgenda } from './export-agenda.ts';
import { exportBalance, exportBalanceByClient } from './export-balance.ts';
import { exportHistory } from './export-history.ts';
import type { Exported } from './exported.ts';
import { A_CLIENT, findClient } from './find-client.ts';
import { withServices } from './service-callers.ts';

type Options = { org: string; client?: string; out?: string; csv?: true };

/** Exports business data as CSV files. */
export const exportFiles = new Command('export').description(
  'agenda, balance or history as a CSV file for French spreadsheets: numbers and names, amounts that add up',
);

const command = (name: string, description: string) =>
  exportFiles
    .command(name)
    .description(description)
    .requiredOption('--org <id or code>', 'of this organisation')
    .option('--client <name>', `of one client: ${A_CLIENT}`)
    .option('--out <file>', 'left out: standard output')
    .option(
      '--csv',
      'as CSV: semicolons, comma decimals, UTF-8 with a byte order mark (there is no other form)',
    );

command('agenda', 'every mail, debit and task to come, with why and what would stop it')
  .option('--from <YYYY-MM-DD>', 'first day; left out: today, with what is late')
  .option('--to <YYYY-MM-DD>', 'last day; left out: 90 days after the first one, a year at most')
  .action(async ({ from, to, ...options }: Options & { from?: string; to?: string }) => {
    const window = agendaWindow(from, to);
    await exportRows(options, (whose) => exportAgenda(whose, window));
  });

command('balance', 'what every open invoice still has to be paid, by how long it is due')
  .option('--by-client', 'one line a client, with the sums of its invoices')
  .action(async ({ byClient, ...options }: Options & { byClient?: true }) => {
    await exportRows(options, byClient ? exportBalanceByClient : exportBalance);
  });

command('history', 'what was done about reminders, newest first, by whom and why').action(
  async (options: Options) => {
    await exportRows(options, exportHistory);
  },
);

/** Writes rows as they come, a page at a time. */
async function exportRows(
  { org, client, out }: Options,
  rows: (whose: Exported) => AsyncIterable<string[]>,
): Promise<void> {
  await withServices(async (call) => {
    const clientId = client ? (await findClient(call, client, org)).id : '';
    const text = Readable.from(textOf(rows({ call, organisationId: org, clientId })));
    if (out === undefined || out === '-') {
      for await (const part of text) await print(part as string);
      return;
    }
    await writeWhole(out, text);
    console.log(out);
  });
}

async function* textOf(rows: AsyncIterable<string[]>): AsyncGenerator<string> {
  yield CSV_START;
  for await (const row of rows) yield csvLine(row);
}

/** Waits for a slow reader. */
const print = (text: string): Promise<void> =>
  new Promise((resolve, reject) => {
    process.stdout.write(text, (error) => (error ? reject(error) : resolve()));
  });

/** Writes to a temporary name first, so that no incomplete file remains. */
async function writeWhole(file: string, text: Readable): Promise<void> {
  const unfinished = `${file}.part`;
  try {
    await pipeline(text, createWriteStream(unfinished));
    await rename(unfinished, file);
  } catch (error) {
    await rm(unfinished, { force: true });
    const { code, message } = error as NodeJS.ErrnoException;
    throw code === 'ENOENT' || code === 'EACCES'
      ? new PlainError(`${file} cannot be written: ${message}`)
      : error;
  }
}
