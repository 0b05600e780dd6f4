import { dateInParis, inParis } from '@crm/kit';
import { v7 } from 'uuid';
import { AMOUNT } from './ground.ts';
import type { Stack } from './stack.ts';

/** Whose invoice, what it is called, and how many days ago it was issued, at this hour in Paris. */
type Imported = { organisationId: string; clientId: string; numero: string; daysAgo: number };

/** An invoice as an import brings one in: a row, and no event. Due on its date. */
export async function importInvoice(
  stack: Stack,
  { organisationId, clientId, numero, daysAgo }: Imported,
): Promise<string> {
  const id = v7();
  const issued = new Date(inParis(new Date()).subtract({ days: daysAgo }).epochMilliseconds);
  const date = dateInParis(issued);
  await stack.sql(
    `INSERT INTO factures.factures (id, organisation_id, numero, client_id, contrat_id, objet, lignes, tva,
       montant_ht, montant_tva, montant, statut, date_facture, date_echeance, created_at, updated_at)
     VALUES ($1, $2, $3, $4, '', 'Reprise', '[]', '[]', $5, 0, $5, 'EMISE', $6, $6, $7, now())`,
    ...[id, organisationId, numero, clientId, String(AMOUNT), date, issued],
  );
  return id;
}
