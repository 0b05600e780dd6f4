import { clientName } from '@crm/domain';
import { orUndefined, type Call } from '@crm/kit';
import { renderPdf } from '@crm/kit/pdf';
import type { ContratPdf, GetContratPdfRequest } from '@crm/proto/contrats/contrats';
import { contratDocument } from './contrat-document.ts';
import { contratEntity, type Deps } from './contrat-entity.ts';

/** Renders a contract, with the names of its client and product if their services know them. */
export function getPdf({ db, clients, produits }: Deps) {
  const contrat = contratEntity(db);
  return async (request: GetContratPdfRequest, { signal }: Call): Promise<ContratPdf> => {
    const row = await contrat.get(request);
    const [client, produit] = await Promise.all([
      orUndefined(clients.get({ id: row.clientId })),
      orUndefined(produits.get({ id: row.produitId })),
    ]);
    const nomClient = client && clientName(client);
    const contenu = await renderPdf(
      contratDocument(row, { client: nomClient, produit: produit?.nom }),
      signal,
    );
    return { nomFichier: `contrat-${row.reference}.pdf`, contenu };
  };
}
