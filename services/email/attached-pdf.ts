import { failedPrecondition, invalid, notFound, unavailable, type Connected } from '@crm/kit';
import type { InvoiceServiceService, PdfChunk } from '@crm/proto/factures/factures';
import { status, type ServiceError } from '@grpc/grpc-js';
import type { Attachment } from './submit-mail.ts';

/** The RPCs of factures that mails use. */
export type Invoices = Pick<
  Connected<typeof InvoiceServiceService>,
  'get' | 'downloadPdf' | 'getCreditNote' | 'downloadCreditNotePdf'
>;

/**
 * Many mail servers accept at most 10 MB, and base64 makes an attachment a third larger: 6 MiB stay below
 * that.
 */
export const MAX_PDF_BYTES = 6 * 1024 * 1024;

/** An invoice or a credit note, and the client it must belong to. An empty `clientId` is not checked. */
export type Attached = { factureId: string; avoirId: string; clientId: string };

/**
 * Renders an invoice or a credit note through factures, for attaching it; called with the current caller's
 * own token.
 * @throws {RpcError} NOT_FOUND: no such invoice or credit note. FAILED_PRECONDITION:
 * INVOICE_OF_ANOTHER_CLIENT,
 *   ATTACHMENT_TOO_LARGE. UNAVAILABLE: factures is away or fails; call again
 */
export async function attachedPdf(
  invoices: Invoices,
  { factureId, avoirId, clientId }: Attached,
  maxBytes = MAX_PDF_BYTES,
): Promise<Attachment> {
  if (!factureId && !avoirId) throw invalid('factureId', 'is needed for a PDF');
  const id = factureId || avoirId;
  const what = `${factureId ? 'facture' : 'avoir'} ${id}`;
  const explain = (error: ServiceError): never => {
    if (error.code === status.NOT_FOUND) throw notFound(factureId ? 'facture' : 'avoir', id);
    throw unavailable('INVOICE_PDF', `factures did not render ${what}: ${status[error.code] ?? 'failed'}`);
  };
  const about = await (factureId ? invoices.get({ id }) : invoices.getCreditNote({ id })).catch(explain);
  if (clientId && about.clientId !== clientId) {
    throw failedPrecondition(
      'INVOICE_OF_ANOTHER_CLIENT',
      `${what} is not one of client ${clientId}: it is not sent to them`,
    );
  }
  const chunks = factureId ? invoices.downloadPdf({ id }) : invoices.downloadCreditNotePdf({ id });
  const content = await readAll(chunks, maxBytes).catch(explain);
  if (!content) {
    throw failedPrecondition(
      'ATTACHMENT_TOO_LARGE',
      `the PDF of ${what} is larger than ${maxBytes} bytes: it is not sent by mail`,
    );
  }
  if (content.subarray(0, 5).toString('latin1') !== '%PDF-')
    throw unavailable('INVOICE_PDF', `factures answered no PDF of ${what}`);
  const filename = fileName(`${factureId ? 'Facture' : 'Avoir'} ${about.numero}`);
  return { filename, contentType: 'application/pdf', content };
}

/** @returns undefined if it is too large */
async function readAll(stream: AsyncIterable<PdfChunk>, maxBytes: number): Promise<Buffer | undefined> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const { contenu } of stream) {
    size += contenu.length;
    if (size > maxBytes) return undefined;
    chunks.push(contenu);
  }
  return Buffer.concat(chunks);
}

const fileName = (name: string): string => `${name.replace(/[^\p{L}\p{N}_ -]+/gu, '-').trim()}.pdf`;
