import { clientName, csvAmount, csvDate, todayInParis } from '@crm/domain';
import { everyPage, knownOf } from '@crm/kit';
import { ClientBaseServiceService, type Client } from '@crm/proto/clients/clients';
import { InvoiceServiceService, StatutFacture, type Invoice } from '@crm/proto/factures/factures';
import { Temporal } from 'temporal-polyfill';
import type { Exported } from './exported.ts';

/** The ages of what is due, in days after the due date, by their last day. */
const AGES: [name: string, upTo: number][] = [
  ['Non échu', 0],
  ['1 à 30 jours', 30],
  ['31 à 60 jours', 60],
  ['61 à 90 jours', 90],
  ['Plus de 90 jours', Infinity],
];
const CLIENT = ['Code client', 'Client', 'SIREN'];

/** A row for each open invoice, newest first, headings first. */
export async function* exportBalance(whose: Exported): AsyncGenerator<string[]> {
  const amounts = ['Total TTC', 'Avoirs', 'Déjà réglé', 'Restant dû'];
  yield [
    ...CLIENT,
    'Facture',
    'Date',
    'Échéance',
    'Jours de retard',
    ...amounts,
    ...AGES.map(([name]) => name),
  ];
  const today = todayInParis();
  for await (const { invoices, clients } of openInvoices(whose)) {
    for (const invoice of invoices) {
      const late = lateness(invoice, today);
      yield [
        ...describe(invoice.clientId, clients),
        ...[
          invoice.numero,
          csvDate(invoice.dateFacture),
          csvDate(invoice.dateEcheance),
          String(Math.max(0, late)),
        ],
        ...[invoice.montant, invoice.montantAvoirs, invoice.montantRecu, invoice.restantDu].map(csvAmount),
        ...byAge(late, invoice.restantDu).map((cents) => (cents ? csvAmount(cents) : '')),
      ];
    }
  }
}

/** A row for each client with open invoices, headings first. The sums are kept, not the invoices. */
export async function* exportBalanceByClient(whose: Exported): AsyncGenerator<string[]> {
  yield [...CLIENT, 'Factures ouvertes', 'Restant dû', ...AGES.map(([name]) => name)];
  const sums = new Map<string, { who: string[]; count: number; ages: bigint[] }>();
  const today = todayInParis();
  for await (const { invoices, clients } of openInvoices(whose)) {
    for (const { clientId, ...invoice } of invoices) {
      const sum = sums.get(clientId) ?? {
        who: describe(clientId, clients),
        count: 0,
        ages: AGES.map(() => 0n),
      };
      sums.set(clientId, sum);
      sum.count += 1;
      const more = byAge(lateness(invoice, today), invoice.restantDu);
      sum.ages = sum.ages.map((cents, index) => cents + more[index]!);
    }
  }
  const inOrder = [...sums.values()].sort((a, b) => a.who[1]!.localeCompare(b.who[1]!, 'fr'));
  for (const { who, count, ages } of inOrder) {
    const all = ages.reduce((total, cents) => total + cents, 0n);
    yield [...who, String(count), csvAmount(all), ...ages.map(csvAmount)];
  }
}

/** The open invoices, a page at a time, with their clients. */
async function* openInvoices({ call, ...whose }: Exported) {
  const factures = call('factures', InvoiceServiceService);
  const clients = call('clients', ClientBaseServiceService);
  const which = { ...whose, statut: StatutFacture.EMISE };
  for await (const { invoices } of everyPage((page) => factures.list({ ...which, ...page }))) {
    const known = await knownOf(
      invoices.map((invoice) => invoice.clientId),
      (page) => clients.list(page),
      (page) => page.clients,
    );
    yield { invoices, clients: known };
  }
}

/** What people call a client; its id if another system has it. */
function describe(id: string, clients: Map<string, Client>): string[] {
  const client = clients.get(id);
  return client ? [client.referenceClient, clientName(client), client.siren] : ['', id, ''];
}

/** Days after the due date; negative before it. */
const lateness = ({ dateEcheance }: Pick<Invoice, 'dateEcheance'>, today: string): number =>
  Temporal.PlainDate.from(dateEcheance).until(today, { largestUnit: 'days' }).days;

/** An amount in the column of its age, and nothing in the others. */
function byAge(late: number, cents: bigint): bigint[] {
  const age = AGES.findIndex(([, upTo]) => late <= upTo);
  return AGES.map((_, index) => (index === age ? cents : 0n));
}
