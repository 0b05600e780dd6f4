import { dateInParis, inParis } from '@crm/domain';
import { v7 } from 'uuid';
import { AMOUNT } from './ground.ts';
import type { Stack } from './stack.ts';

/** The client, number and date of an invoice. */
export type Imported = { organisationId: string; clientId: string; numero: string; issued: Date };

/** So many days ago, at this hour in Paris. */
export const daysAgo = (days: number): Date =>
  new Date(inParis(new Date()).subtract({ days }).epochMilliseconds);

/** Inserts invoices as an import does: rows without events, due on their date. Returns their ids in order. */
export async function importInvoices(stack: Pick<Stack, 'sql'>, invoices: Imported[]): Promise<string[]> {
  const rows = invoices.map((invoice) => ({ ...invoice, id: v7(), date: dateInParis(invoice.issued) }));
  await stack.sql(
    `INSERT INTO factures.factures (id, organisation_id, numero, client_id, contrat_id, objet, lignes, tva,
       montant_ht, montant_tva, montant, statut, date_facture, date_echeance, created_at, updated_at)
     SELECT id, "organisationId", numero, "clientId", '', 'Reprise', '[]', '[]', $2, 0, $2, 'EMISE', date, date, issued, now()
     FROM jsonb_to_recordset($1) AS row(id text, "organisationId" text, numero text, "clientId" text, date text,
       issued timestamptz)`,
    ...[JSON.stringify(rows), String(AMOUNT)],
  );
  return rows.map(({ id }) => id);
}
