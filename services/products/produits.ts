import { NORMAL_VAT_RATE } from '@crm/domain';
import type { Db } from '@crm/db';
import { entity, type Methods, DEFAULT_ORGANISATION } from '@crm/kit';
import { Produit, type ProduitServiceService } from '@crm/proto/products/products';

/** Products: a plain entity. */
export function produits(db: Db): Methods<typeof ProduitServiceService> {
  const produit = entity(db, {
    model: 'produit',
    plural: 'produits',
    message: Produit,
    defaults: (_, id) => ({ organisationId: DEFAULT_ORGANISATION, code: id }),
  });
  return {
    ...produit,
    // 0 % is a valid rate, so only an omitted rate gets the default
    create: ({ tauxTvaPointsBase = NORMAL_VAT_RATE, ...request }, call) =>
      produit.create({ ...request, tauxTvaPointsBase }, call),
  };
}
