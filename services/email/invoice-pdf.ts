import { failedPrecondition, notFound, unavailable, type Connected } from '@crm/kit';
import type { InvoiceServiceService } from '@crm/proto/factures/factures';
import { status, type ServiceError } from '@grpc/grpc-js';
import type { Attachment } from './submit-mail.ts';

/** What of the invoices' service a mail needs. */
export type Invoices = Pick<Connected<typeof InvoiceServiceService>, 'get' | 'downloadPdf'>;

/** A mail grows by a third on its way (base64), and many servers take 10 MB at most: 6 MiB stay below that. */
export const MAX_PDF_BYTES = 6 * 1024 * 1024;

/**
 * Has an invoice rendered, to be attached to a mail; with the current caller's own token.
 * @param clientId whom the mail is about; another client's invoice is refused. Empty: not checked
 * @throws {RpcError} NOT_FOUND: there is no such invoice. FAILED_PRECONDITION: INVOICE_OF_ANOTHER_CLIENT,
 *   ATTACHMENT_TOO_LARGE. UNAVAILABLE: factures is away, or says something else; call again
 */
export async function invoicePdf(
  invoices: Invoices,
  factureId: string,
  clientId: string,
  maxBytes = MAX_PDF_BYTES,
): Promise<Attachment> {
  const invoice = await invoices.get({ id: factureId }).catch(explain(factureId));
  if (clientId && invoice.clientId !== clientId) {
    throw failedPrecondition(
      'INVOICE_OF_ANOTHER_CLIENT',
      `facture ${factureId} is not one of client ${clientId}: it is not sent to them`,
    );
  }
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const { contenu } of invoices.downloadPdf({ id: factureId })) {
      size += contenu.length;
      if (size > maxBytes) break;
      chunks.push(contenu);
    }
  } catch (error) {
    explain(factureId)(error as ServiceError);
  }
  if (size > maxBytes) {
    throw failedPrecondition(
      'ATTACHMENT_TOO_LARGE',
      `the PDF of facture ${factureId} is larger than ${maxBytes} bytes: it is not sent by mail`,
    );
  }
  const content = Buffer.concat(chunks);
  if (content.subarray(0, 5).toString('latin1') !== '%PDF-')
    throw unavailable('INVOICE_PDF', `factures answered no PDF of facture ${factureId}`);
  return { filename: `${fileName(invoice.numero)}.pdf`, contentType: 'application/pdf', content };
}

const fileName = (numero: string): string => `Facture ${numero.replace(/[^\p{L}\p{N}_-]+/gu, '-')}`.trim();

const explain =
  (factureId: string) =>
  (error: ServiceError): never => {
    if (error.code === status.NOT_FOUND) throw notFound('facture', factureId);
    throw unavailable(
      'INVOICE_PDF',
      `factures did not render facture ${factureId}: ${status[error.code] ?? 'failed'}`,
    );
  };
