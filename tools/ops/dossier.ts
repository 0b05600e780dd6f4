import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { isNotFound } from '@crm/kit';
import { InvoiceServiceService, type Invoice } from '@crm/proto/factures/factures';
import { RelanceServiceService } from '@crm/proto/relance/relance';
import { Command } from 'commander';
import { PlainError } from '../plain-error.ts';
import { namesOfOrganisation } from './names-of-organisation.ts';
import { withServices, type CallService } from './service-callers.ts';

type Options = { org?: string; out?: string };

/** Writes the dossier of an invoice to a file. */
export const dossier = new Command('dossier')
  .description(
    'the reminders’ dossier of an invoice as a zip: PDFs, mails with their fate, payments, decisions',
  )
  .argument('<invoice>', 'its number, F-2026-0042, or its id')
  .option('--org <id or code>', 'of which organisation the number is; needed where several have it')
  .option('--out <file>', 'left out: dossier-<number>.zip here; -: standard output')
  .action(async (named: string, { org = '', out }: Options) => {
    await withServices(async (call) => {
      const { id, numero } = await find(call, named, org);
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

/** Finds an invoice by its id, or else by its number. */
async function find(call: CallService, named: string, org: string): Promise<Invoice> {
  const factures = call('factures', InvoiceServiceService);
  if (/^[0-9a-f]{8}-/.test(named)) {
    return await factures.get({ id: named }).catch((error: unknown) => {
      throw isNotFound(error) ? new PlainError(`There is no invoice ${named}.`) : error;
    });
  }
  // the given name first; if the organisation's other name has the same number, it can be given instead
  for (const organisationId of org ? await namesOfOrganisation(call, org) : ['']) {
    const { invoices, nextPageToken } = await factures.list({ numero: named, organisationId, pageSize: 20 });
    const [invoice, ...others] = invoices;
    if (!invoice) continue;
    if (others.length === 0) return invoice;
    const whose = invoices.map((one) => one.organisationId).join(', ');
    throw new PlainError(
      `Several organisations have an invoice ${named}: ${whose}${nextPageToken && ', …'}. Say --org.`,
    );
  }
  throw new PlainError(`There is no invoice ${named}${org && ` of ${org}`}.`);
}

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
