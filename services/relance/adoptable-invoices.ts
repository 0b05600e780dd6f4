import type { Db } from '@crm/db';
import { eventIdOf, everyPage, type Connected } from '@crm/kit';
import { StatutFacture, type Invoice, type InvoiceServiceService } from '@crm/proto/factures/factures';

/**
 * A failing handler is retried for this long: a younger invoice with an event will get its reminders from it.
 */
const EVENT_UNDER_WAY_MS = 3 * 86_400_000;

/** Some of an organisation's open invoices, by whether they have reminders. */
export type OpenInvoices = { adoptable: Invoice[]; followed: number; underWay: number };

/**
 * The invoices of an organisation with something left to pay and without reminders. An invoice whose event is
 * in progress is excluded: the event starts its reminders, or it is among the failed handlers.
 */
export async function* adoptableInvoices(
  db: Db,
  factures: Pick<Connected<typeof InvoiceServiceService>, 'list'>,
  organisationId: string,
): AsyncGenerator<OpenInvoices> {
  const open = { organisationId, statut: StatutFacture.EMISE };
  for await (const { invoices } of everyPage((page) => factures.list({ ...open, ...page }))) {
    const followed = await followedOf(db, invoices);
    const without = invoices.filter(({ id }) => !followed.has(id));
    const underWay = await underWayOf(db, without);
    const adoptable = without.filter(({ id }) => !underWay.has(id));
    yield { adoptable, followed: followed.size, underWay: underWay.size };
  }
}

async function followedOf(db: Db, invoices: Invoice[]): Promise<Set<string>> {
  const ids = invoices.map(({ id }) => id);
  const rows = await db.relance.findMany({
    where: { invoiceId: { in: ids } },
    select: { invoiceId: true },
  });
  return new Set(rows.map(({ invoiceId }) => invoiceId));
}

async function underWayOf(db: Db, invoices: Invoice[]): Promise<Set<string>> {
  const events = new Map(invoices.map(({ id }) => [eventIdOf('invoice.created', [id]), id]));
  const rows = await db.outbox.findMany({
    where: {
      eventId: { in: [...events.keys()] },
      createdAt: { gt: new Date(Date.now() - EVENT_UNDER_WAY_MS) },
    },
    select: { eventId: true },
  });
  return new Set(rows.map(({ eventId }) => events.get(eventId)!));
}
