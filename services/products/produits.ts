import type { Db } from '@crm/db';
import { entity, type Methods } from '@crm/kit';
import { Produit, type ProduitServiceService } from '@crm/proto/products/products';

/** The standard French VAT rate, 20 % (CGI art. 278), in hundredths of a percent. */
const STANDARD_VAT = 2000;

/** Products: a plain entity. */
export function produits(db: Db): Methods<typeof ProduitServiceService> {
  const produit = entity(db, {
    model: 'produit',
    plural: 'produits',
    message: Produit,
    defaults: (_, id) => ({ organisationId: 'default', code: id }),
  });
  return {
    ...produit,
    // 0 % is a valid rate, so only an omitted rate gets the default
    create: ({ tauxTvaPointsBase = STANDARD_VAT, ...request }, call) =>
      produit.create({ ...request, tauxTvaPointsBase }, call),
  };
}
