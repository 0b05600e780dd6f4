import { implement, service } from '@crm/kit';
import { ProduitServiceService } from '@crm/proto/products/products';
import { produits } from './produits.ts';

export default service('products', ({ db }) => [implement(ProduitServiceService, produits(db))]);
