import type { Db } from '@crm/db';
import { countThatFits, readPageToken, writePageToken, type Call } from '@crm/kit';
import {
  StatutFacture,
  type Invoice,
  type ListInvoicesRequest,
  type ListInvoicesResponse,
} from '@crm/proto/factures/factures';
import type { AmountsReceived } from './amounts-received.ts';
import { toInvoice } from './to-invoice.ts';

const DEFAULT_PAGE_SIZE = 50;
/** The rows of one batch: as many as one call to payments can ask about. */
const BATCH = 200;
/** The most rows that a call examines. If few of them fit, its page is short and the next one continues. */
const MAX_EXAMINED = 2_000;

/** The stored states in which rows can have a requested state: payments can turn EMISE into PAYEE. */
const CANDIDATES: Partial<Record<StatutFacture, StatutFacture[]>> = {
  [StatutFacture.EMISE]: [StatutFacture.EMISE],
  [StatutFacture.PAYEE]: [StatutFacture.EMISE, StatutFacture.PAYEE],
  [StatutFacture.ANNULEE]: [StatutFacture.ANNULEE],
};

/**
 * Lists invoices. The state of an invoice depends on payments, which another service has. So candidate rows
 * are read in batches, the payments of each batch in one call, and the matching ones are kept until the page
 * is full.
 */
export const listInvoices =
  (db: Db, received: AmountsReceived) =>
  async (request: ListInvoicesRequest, { signal }: Pick<Call, 'signal'>): Promise<ListInvoicesResponse> => {
    const { organisationId, clientId, contratId, echuesAvant, pageToken, ids, numero } = request;
    const size = request.pageSize || DEFAULT_PAGE_SIZE;
    const statut = echuesAvant ? StatutFacture.EMISE : request.statut;
    const candidates = CANDIDATES[statut];
    const none = echuesAvant && request.statut !== StatutFacture.UNSPECIFIED && request.statut !== statut;
    if (none) return { invoices: [], nextPageToken: '' };
    const where = {
      ...(organisationId && { organisationId }),
      ...(clientId && { clientId }),
      ...(contratId && { contratId }),
      ...(numero && { numero }),
      ...(ids.length > 0 && { AND: { id: { in: ids } } }),
      ...(echuesAvant && { dateEcheance: { lt: echuesAvant } }),
      ...(candidates && { statut: { in: candidates } }),
    };
    const take = candidates ? BATCH : Math.min(size + 1, BATCH);
    const invoices: Invoice[] = [];
    let before = pageToken ? readPageToken(pageToken) : undefined;
    for (let examined = 0; examined < MAX_EXAMINED; examined += take) {
      signal.throwIfAborted();
      const rows = await db.facture.findMany({
        where: { ...where, ...(before && { id: { lt: before } }) },
        orderBy: { id: 'desc' },
        take,
      });
      const amount = await received(rows.map(({ id }) => id));
      for (const row of rows) {
        const invoice = toInvoice(row, amount(row.id));
        if (candidates && invoice.statut !== statut) continue;
        // one more than a page: there is a next page
        if (invoices.length === size) return pageOf(invoices, writePageToken(invoices.at(-1)!.id));
        invoices.push(invoice);
      }
      if (rows.length < take) return pageOf(invoices, '');
      before = rows.at(-1)!.id;
    }
    return pageOf(invoices, writePageToken(before!));
  };

/** As many of the invoices as fit: those of 200 long lines have 60 KB each. */
function pageOf(invoices: Invoice[], nextPageToken: string): ListInvoicesResponse {
  const shown = invoices.slice(0, countThatFits(invoices));
  const isWhole = shown.length === invoices.length;
  return { invoices: shown, nextPageToken: isWhole ? nextPageToken : writePageToken(shown.at(-1)!.id) };
}
