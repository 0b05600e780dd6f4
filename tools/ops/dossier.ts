import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { RelanceServiceService } from '@crm/proto/relance/relance';
import { Command } from 'commander';
import { AN_INVOICE, findInvoice } from './find-invoice.ts';
import { withServices } from './service-callers.ts';

type Options = { org?: string; out?: string };

/** Writes the dossier of an invoice to a file. */
export const dossier = new Command('dossier')
  .description(
    'the reminders’ dossier of an invoice as a zip: PDFs, mails with their fate, payments, decisions',
  )
  .argument('<invoice>', AN_INVOICE)
  .option('--org <id or code>', 'of which organisation the number is; needed where several have it')
  .option('--out <file>', 'left out: dossier-<number>.zip here; -: standard output')
  .action(async (named: string, { org = '', out }: Options) => {
    await withServices(async (call) => {
      const { id, numero } = await findInvoice(call, named, org);
      const answers = call('relance', RelanceServiceService).downloadDossier({ invoiceId: id });
      const bytes = Readable.from(contents(answers), { objectMode: false });
      const file = out ?? `dossier-${numero}.zip`;
      if (file === '-') {
        await pipeline(bytes, process.stdout);
        return;
      }
      await writeWhole(file, bytes);
      console.log(file);
    });
  });

async function* contents(answers: AsyncIterable<{ contenu: Uint8Array }>): AsyncIterable<Buffer> {
  for await (const { contenu } of answers) yield Buffer.from(contenu);
}

/** Writes to a temporary name first, so that no incomplete dossier remains. */
async function writeWhole(file: string, bytes: Readable): Promise<void> {
  const unfinished = `${file}.part`;
  try {
    await pipeline(bytes, createWriteStream(unfinished));
    await rename(unfinished, file);
  } catch (error) {
    await rm(unfinished, { force: true });
    throw error;
  }
}
