import { orUndefined } from '@crm/kit';
import { InvoiceServiceService, type Invoice } from '@crm/proto/factures/factures';
import { PlainError } from '../plain-error.ts';
import type { CallService } from './service-callers.ts';

/** The words of an argument or option that names an invoice. */
export const AN_INVOICE = 'its number, F-2026-0042, or its id';

/** Ids of invoices and payments are UUIDs. */
export const isId = (named: string): boolean => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(named);

/**
 * Finds an invoice by its number, as people name it, or by its id.
 * @param org the id or code of the organisation whose number it is; empty: any
 * @throws {PlainError} there is none; or several organisations have one: it names them
 */
export async function findInvoice(call: CallService, named: string, org = ''): Promise<Invoice> {
  const factures = call('factures', InvoiceServiceService);
  const known = isId(named) ? await orUndefined(factures.get({ id: named })) : undefined;
  if (known) return known;
  const request = { numero: named, organisationId: org, pageSize: 20 };
  const { invoices, nextPageToken } = await factures.list(request);
  const [invoice, ...others] = invoices;
  if (!invoice) throw new PlainError(`There is no invoice ${named}${org && ` of ${org}`}.`);
  if (others.length === 0) return invoice;
  const whose = invoices.map((one) => one.organisationId).join(', ');
  throw new PlainError(
    `Several organisations have an invoice ${named}: ${whose}${nextPageToken && ', …'}. Say --org.`,
  );
}

/**
 * Finds several invoices, each once.
 * @throws {PlainError} naming all that are unknown, or that several organisations have
 */
export async function findInvoices(call: CallService, named: string[], org = ''): Promise<Invoice[]> {
  const found = await Promise.allSettled(named.map((one) => findInvoice(call, one, org)));
  const faults = found.flatMap((one) => (one.status === 'rejected' ? [one.reason as Error] : []));
  const other = faults.find((fault) => !(fault instanceof PlainError));
  if (other) throw other;
  if (faults.length > 0) throw new PlainError(faults.map(({ message }) => message).join('\n'));
  const invoices = found.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  return [...new Map(invoices.map((invoice) => [invoice.id, invoice])).values()];
}
