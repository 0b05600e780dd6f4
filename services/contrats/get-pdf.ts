import { status, type ServiceError } from '@grpc/grpc-js';
import { renderPdf } from '@crm/kit/pdf';
import type { ContratPdf, GetContratPdfRequest } from '@crm/proto/contrats/contrats';
import { contratDocument } from './contrat-document.ts';
import { contratEntity, type Deps } from './contrats.ts';

/** Renders a contract, with the names of its client and product where their services know them. */
export function getPdf({ db, clients, produits }: Deps) {
  const contrat = contratEntity(db);
  return async (request: GetContratPdfRequest): Promise<ContratPdf> => {
    const row = await contrat.get(request);
    const [client, produit] = await Promise.all([
      known(clients.get({ id: row.clientId })),
      known(produits.get({ id: row.produitId })),
    ]);
    const nomClient = client && [client.prenom, client.nom].filter(Boolean).join(' ');
    const contenu = await renderPdf(contratDocument(row, { client: nomClient, produit: produit?.nom }));
    return { nomFichier: `contrat-${row.reference}.pdf`, contenu };
  };
}

/** What a service answers, or nothing where it knows none: a reference need not be an id of it. */
async function known<T>(answer: Promise<T>): Promise<T | undefined> {
  return await answer.catch((error: ServiceError) => {
    if (error.code === status.NOT_FOUND) return undefined;
    throw error;
  });
}
