import { authorNames, clientName, csvDate, dateInParis, inParis } from '@crm/domain';
import { everyPage, knownOf } from '@crm/kit';
import { ClientBaseServiceService } from '@crm/proto/clients/clients';
import { InvoiceServiceService } from '@crm/proto/factures/factures';
import { HistoriqueRelanceServiceService } from '@crm/proto/relance/relance';
import { UtilisateurServiceService } from '@crm/proto/users/users';
import { decision } from '@crm/relance/dossier/in-words';
import type { Exported } from './exported.ts';

/** A row for each entry of the history of reminders, newest first, headings first. */
export async function* exportHistory({ call, ...whose }: Exported): AsyncGenerator<string[]> {
  yield ['Date', 'Heure', 'Facture', 'Client', 'Décision', 'Niveau', 'Par', 'Motif', 'Détail'];
  const historique = call('relance', HistoriqueRelanceServiceService);
  const factures = call('factures', InvoiceServiceService);
  const clients = call('clients', ClientBaseServiceService);
  const users = call('users', UtilisateurServiceService);
  const pages = everyPage((page) => historique.list({ ...whose, ...page }));
  for await (const { historique: entries } of pages) {
    const invoices = await knownOf(
      entries.map(({ invoiceId }) => invoiceId),
      (page) => factures.list(page),
      (page) => page.invoices,
    );
    const people = await knownOf(
      entries.map((entry) => entry.clientId),
      (page) => clients.list(page),
      (page) => page.clients,
    );
    const authors = await authorNames(
      users,
      entries.map(({ auteur }) => auteur),
    );
    for (const { createdAt, niveau, auteur, ...entry } of entries) {
      const client = people.get(entry.clientId);
      yield [
        csvDate(dateInParis(createdAt!)),
        inParis(createdAt!).toPlainTime().toString({ smallestUnit: 'minute' }),
        invoices.get(entry.invoiceId)?.numero ?? entry.invoiceId,
        client ? clientName(client) : entry.clientId,
        decision(entry.action),
        niveau ? String(niveau) : '',
        authors.get(auteur) ?? auteur,
        ...[entry.motif, entry.detail],
      ];
    }
  }
}
