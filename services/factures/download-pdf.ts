import type { Db } from '@crm/db';
import { notFound, orUndefined, penaltyRateInWords, type Connected } from '@crm/kit';
import { renderPdf, type PdfDefinition } from '@crm/kit/pdf';
import type { AdresseServiceService, ClientBaseServiceService } from '@crm/proto/clients/clients';
import {
  TotalTva,
  type CreditNote,
  type DownloadCreditNotePdfRequest,
  type DownloadPdfRequest,
  type PdfChunk,
} from '@crm/proto/factures/factures';
import type { SocieteServiceService } from '@crm/proto/organisations/organisations';
import { creditNotePdf } from './credit-note-pdf.ts';
import { invoicePdf } from './invoice-pdf.ts';
import type { Parties } from './letter.ts';
import { splitVat } from './split-vat.ts';
import { readRow, toInvoice } from './to-invoice.ts';

/** A part of a stream has as many bytes at most. */
const CHUNK_BYTES = 64 * 1024;

/** Whom the parties of an invoice are known to. */
export type Directory = {
  adresses: Pick<Connected<typeof AdresseServiceService>, 'listByClient'>;
  clients: Pick<Connected<typeof ClientBaseServiceService>, 'get'>;
  societes: Pick<Connected<typeof SocieteServiceService>, 'list'>;
};

/**
 * Streams an invoice: payments and credit notes have documents of their own. Numbers, lines and amounts are the
 * issued ones; its due date and subject, its client, address and société are as they are now, for nobody keeps what
 * they were. A client or a société that nobody knows is left out; one that cannot be asked for now is not.
 * @throws {RpcError} NOT_FOUND; UNAVAILABLE: clients or organisations cannot be asked
 */
export const downloadPdf = (db: Db, config: { TAUX_PENALITES?: number | undefined }, directory: Directory) =>
  async function* ({ id }: DownloadPdfRequest): AsyncIterable<PdfChunk> {
    const invoice = toInvoice(await readRow(db, id), 0n);
    const parties = await partiesOf(directory, invoice);
    const penalites = penaltyRateInWords(config.TAUX_PENALITES);
    yield* inChunks(invoicePdf({ ...parties, invoice, penalites }));
  };

/**
 * Streams a credit note with the number and the date of the invoice that it corrects; its parties are as they are now,
 * as an invoice's.
 * @throws {RpcError} as `downloadPdf`
 */
export const downloadCreditNotePdf = (
  db: Db,
  { toMessage }: { toMessage(row: Record<string, unknown>): CreditNote },
  directory: Directory,
) =>
  async function* ({ id }: DownloadCreditNotePdfRequest): AsyncIterable<PdfChunk> {
    const row = await db.avoir.findUnique({ where: { id } });
    if (!row) throw notFound('avoir', id);
    const invoice = await readRow(db, row.invoiceId);
    const creditNote = toMessage(row);
    // one of before its VAT was recorded
    if (creditNote.tva.length === 0)
      Object.assign(creditNote, await vatOf(db, row, invoice.tva as unknown[]));
    const parties = await partiesOf(directory, row);
    yield* inChunks(creditNotePdf({ ...parties, creditNote, invoice }));
  };

async function vatOf(
  db: Db,
  { id, invoiceId, montant }: { id: string; invoiceId: string; montant: bigint },
  invoiced: unknown[],
) {
  const earlier = await db.avoir.findMany({ where: { invoiceId, id: { lt: id } }, orderBy: { id: 'asc' } });
  return splitVat(
    invoiced.map((total) => TotalTva.fromJSON(total)),
    earlier.map((note) => note.montant),
    montant,
  );
}

async function partiesOf(
  { clients, adresses, societes }: Directory,
  { clientId, organisationId }: { clientId: string; organisationId: string },
): Promise<Parties> {
  const [client, addresses, sellers] = await Promise.all([
    orUndefined(clients.get({ id: clientId })),
    adresses.listByClient({ clientId, pageSize: 1 }),
    societes.list({ organisationId, pageSize: 1 }),
  ]);
  return { client, adresse: addresses.adresses[0], societe: sellers.societes[0] };
}

async function* inChunks(definition: PdfDefinition): AsyncIterable<PdfChunk> {
  const pdf = await renderPdf(definition);
  for (let from = 0; from < pdf.length; from += CHUNK_BYTES) {
    yield { contenu: pdf.subarray(from, from + CHUNK_BYTES) };
  }
}
