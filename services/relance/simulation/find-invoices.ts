import type { Db } from '@crm/db';
import { afterUsualTerm } from '@crm/domain';
import { failedPrecondition, notFoundFields, organisationOrDefault } from '@crm/kit';
import { Invoice } from '@crm/proto/factures/factures';
import { StatutRelance } from '@crm/proto/relance/relance';
import type { FactureSupposee, SimulateRequest } from '@crm/proto/relance/simulation';
import { adoptableInvoices } from '../adoptable-invoices.ts';
import { readInvoices, type InvoiceSource } from '../read-invoices.ts';
import { toRelanceRow, type RelanceRow } from '../relance-rows.ts';

/** An invoice to foresee, and its reminders if it has been followed. */
export type Subject = { invoice: Invoice; row: RelanceRow | undefined };

/** The id of an invoice that does not exist. */
export const SUPPOSED = '';

/** How many invoices are read at once. All of one client are foreseen together. */
const AT_ONCE = 200;

const { EN_ATTENTE, EN_PAUSE, ACHEVEE, ANNULEE } = StatutRelance;

/**
 * The invoices of a request, in groups: a client's invoices are in one, so that their reminders keep their distance.
 * @throws {RpcError} NOT_FOUND; FAILED_PRECONDITION NUMERO: several organisations have an invoice of that number
 */
export async function* findInvoices(
  db: Db,
  factures: InvoiceSource,
  { facture, organisationId, clientId, factureSupposee, aReprendre }: SimulateRequest,
  signal: AbortSignal,
): AsyncGenerator<Subject[]> {
  if (factureSupposee) {
    yield [{ invoice: suppose(factureSupposee, organisationOrDefault(organisationId)), row: undefined }];
  } else if (facture) {
    const invoice = await findInvoice(factures, facture, organisationId);
    const row = await db.relance.findUnique({ where: { invoiceId: invoice.id } });
    yield [{ invoice, row: row ? toRelanceRow(row) : undefined }];
  } else if (aReprendre) {
    for await (const invoices of adoptableByClient(db, factures, organisationId, clientId)) {
      signal.throwIfAborted();
      yield invoices.map((invoice) => ({ invoice, row: undefined }));
    }
  } else {
    for await (const rows of rowsByClient(db, organisationId, clientId)) {
      const invoices = await readInvoices(
        factures,
        rows.map(({ invoiceId }) => invoiceId),
        signal,
      );
      const open = rows.flatMap((row) => {
        const invoice = invoices.get(row.invoiceId);
        return invoice && invoice.restantDu > 0n ? [{ invoice, row }] : [];
      });
      if (open.length > 0) yield open;
    }
  }
}

async function findInvoice(factures: InvoiceSource, named: string, organisationId: string): Promise<Invoice> {
  const missing = () => notFoundFields([{ field: 'facture', entity: 'invoice', id: named }]);
  const [byNumber, byId] = await Promise.all([
    factures.list({ numero: named.slice(0, 30), organisationId, pageSize: 20 }),
    /^[A-Za-z0-9_-]+$/.test(named) ? factures.list({ ids: [named] }) : { invoices: [] },
  ]);
  const [found] = byId.invoices;
  if (found) return found;
  const [invoice, ...others] = byNumber.invoices.filter(({ numero }) => numero === named);
  if (!invoice) throw missing();
  if (others.length === 0) return invoice;
  const whose = [invoice, ...others].map((one) => one.organisationId).join(', ');
  throw failedPrecondition(
    'NUMERO',
    `facture: several organisations have ${named}: ${whose}; say organisationId`,
  );
}

const suppose = (
  { dateFacture, dateEcheance, montant: given, emiseAt }: FactureSupposee,
  organisationId: string,
): Invoice => {
  const montant = given || 100_000n;
  return Invoice.fromPartial({
    ...{ id: SUPPOSED, numero: 'à venir', organisationId, clientId: '', montant, restantDu: montant },
    ...{ dateFacture, dateEcheance: dateEcheance || afterUsualTerm(dateFacture), createdAt: emiseAt },
  });
};

/** Invoices without reminders, those of a client together. */
async function* adoptableByClient(
  db: Db,
  factures: InvoiceSource,
  organisationId: string,
  clientId: string,
): AsyncGenerator<Invoice[]> {
  const found: Invoice[] = [];
  for await (const { adoptable } of adoptableInvoices(db, factures, organisationId))
    found.push(...adoptable.filter((invoice) => !clientId || invoice.clientId === clientId));
  const ofClients = new Map<string, Invoice[]>();
  for (const invoice of found)
    ofClients.set(invoice.clientId, [...(ofClients.get(invoice.clientId) ?? []), invoice]);
  let some: Invoice[] = [];
  for (const invoices of ofClients.values()) {
    some.push(...invoices);
    if (some.length < AT_ONCE) continue;
    yield some;
    some = [];
  }
  if (some.length > 0) yield some;
}

/** Reminders whose invoice may be open, those of a client together. */
async function* rowsByClient(db: Db, organisationId: string, clientId: string): AsyncGenerator<RelanceRow[]> {
  let kept: RelanceRow[] = [];
  let last: { clientId: string; id: string } | undefined;
  for (;;) {
    const found = await db.relance.findMany({
      where: {
        ...{ organisationId, ...(clientId && { clientId }) },
        statut: { in: [EN_ATTENTE, EN_PAUSE, ACHEVEE, ANNULEE] },
        ...(last && {
          OR: [{ clientId: { gt: last.clientId } }, { clientId: last.clientId, id: { gt: last.id } }],
        }),
      },
      orderBy: [{ clientId: 'asc' }, { id: 'asc' }],
      take: AT_ONCE,
    });
    const rows = [...kept, ...found.map(toRelanceRow)];
    const isLast = found.length < AT_ONCE;
    last = found.at(-1);
    // the last client of a page may have more on the next one
    const whole = isLast ? rows : rows.filter((row) => row.clientId !== last!.clientId);
    kept = isLast ? [] : rows.filter((row) => row.clientId === last!.clientId);
    if (whole.length > 0) yield whole;
    if (isLast) return;
  }
}
