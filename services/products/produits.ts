import type { Db } from '@crm/db';
import { entity, type Methods } from '@crm/kit';
import { Produit, type ProduitServiceService } from '@crm/proto/products/products';

/** The French standard rate, 20 % (CGI art. 278), in hundredths of a percent. */
const STANDARD_VAT = 2000;

/** What is sold: a plain entity. */
export function produits(db: Db): Methods<typeof ProduitServiceService> {
  const produit = entity(db, {
    model: 'produit',
    plural: 'produits',
    message: Produit,
    defaults: (_, id) => ({ organisationId: 'default', code: id }),
  });
  return {
    ...produit,
    // no VAT at all is a rate that a caller can mean
    create: ({ tauxTvaPointsBase = STANDARD_VAT, ...request }, call) =>
      produit.create({ ...request, tauxTvaPointsBase }, call),
  };
}
