import { implement, invalid, notFound, unavailable, type Implementation } from '@crm/kit';
import { CreditNote, Invoice, InvoiceServiceService } from '@crm/proto/factures/factures';

/** How the service behaves. */
type Manners = 'renders' | 'away' | 'breaks-off' | 'not-a-pdf';

export type InvoiceService = {
  implementation: Implementation;
  manners: Manners;
  /** The PDF of each invoice, by its id. */
  pdfs: Map<string, Buffer>;
  /** Ids of the invoices that were rendered. */
  rendered: string[];
};

/**
 * A factures service for mails, on a real port: the invoices and credit notes of `client-1`, with PDFs from
 * the test.
 */
export function invoiceService(): InvoiceService {
  const none = () => Promise.reject(invalid('', 'not part of this test'));
  const find = (id: string): Buffer => {
    const pdf = service.pdfs.get(id);
    if (service.manners === 'away') throw unavailable('TEST', 'away');
    if (!pdf) throw notFound('invoice', id);
    return pdf;
  };
  const service: Omit<InvoiceService, 'implementation'> = {
    manners: 'renders',
    pdfs: new Map(),
    rendered: [],
  };
  const implementation = implement(InvoiceServiceService, {
    create: none,
    list: none,
    search: none,
    update: none,
    markAsPaid: none,
    createCreditNote: none,
    getCreditNote: async ({ id }) => {
      find(id);
      return CreditNote.fromPartial({ id, numero: 'A-2026-0007', clientId: 'client-1' });
    },
    listCreditNotes: none,
    // eslint-disable-next-line require-yield -- mails bring none
    async *downloadMiseEnDemeurePdf() {
      await none();
    },
    async *downloadCreditNotePdf({ id }) {
      yield { contenu: find(id) };
    },
    get: async ({ id }) => {
      find(id);
      return Invoice.fromPartial({ id, numero: 'F-2026/0042', clientId: 'client-1' });
    },
    async *downloadPdf({ id }) {
      const pdf = find(id);
      service.rendered.push(id);
      if (service.manners === 'not-a-pdf') return;
      for (let from = 0; from < pdf.length; from += 1000) {
        yield { contenu: pdf.subarray(from, from + 1000) };
        if (service.manners === 'breaks-off') throw unavailable('TEST', 'broken off');
      }
    },
  });
  return Object.assign(service, { implementation });
}
