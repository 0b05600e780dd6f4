import type { Db } from '@crm/db';
import { orUndefined, penaltyRateInWords, type Connected } from '@crm/kit';
import { renderPdf } from '@crm/kit/pdf';
import type { AdresseServiceService, ClientBaseServiceService } from '@crm/proto/clients/clients';
import type { DownloadPdfRequest, PdfChunk } from '@crm/proto/factures/factures';
import type { SocieteServiceService } from '@crm/proto/organisations/organisations';
import { invoicePdf } from './invoice-pdf.ts';
import { readRow, toInvoice } from './to-invoice.ts';

/** A part of a stream has as many bytes at most. */
const CHUNK_BYTES = 64 * 1024;

/** Whom the parties of an invoice are known to. */
export type Parties = {
  adresses: Pick<Connected<typeof AdresseServiceService>, 'listByClient'>;
  clients: Pick<Connected<typeof ClientBaseServiceService>, 'get'>;
  societes: Pick<Connected<typeof SocieteServiceService>, 'list'>;
};

/**
 * Streams an invoice as it was issued: payments and credit notes have documents of their own. A client or a société
 * that nobody knows is left out; one that cannot be asked for now is not.
 * @throws {RpcError} NOT_FOUND; UNAVAILABLE: clients or organisations cannot be asked
 */
export const downloadPdf = (db: Db, config: { TAUX_PENALITES?: number | undefined }, parties: Parties) =>
  async function* ({ id }: DownloadPdfRequest): AsyncIterable<PdfChunk> {
    const invoice = toInvoice(await readRow(db, id), 0n);
    const [client, { adresses: [adresse] = [] }, { societes: [societe] = [] }] = await Promise.all([
      orUndefined(parties.clients.get({ id: invoice.clientId })),
      parties.adresses.listByClient({ clientId: invoice.clientId, pageSize: 1 }),
      parties.societes.list({ organisationId: invoice.organisationId, pageSize: 1 }),
    ]);
    const penalites = penaltyRateInWords(config.TAUX_PENALITES);
    const pdf = await renderPdf(invoicePdf({ invoice, client, adresse, societe, penalites }));
    for (let from = 0; from < pdf.length; from += CHUNK_BYTES) {
      yield { contenu: pdf.subarray(from, from + CHUNK_BYTES) };
    }
  };
