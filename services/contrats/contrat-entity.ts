import type { Db } from '@crm/db';
import type { Organisations } from '@crm/domain';
import { entity, type Connected } from '@crm/kit';
import type { ClientBaseServiceService } from '@crm/proto/clients/clients';
import type { ApporteurServiceService } from '@crm/proto/commerciaux/commerciaux';
import { Contrat } from '@crm/proto/contrats/contrats';
import type { MandateServiceService, PaymentScheduleServiceService } from '@crm/proto/payments/payments';
import type { ProduitServiceService } from '@crm/proto/products/products';

/** What the methods need. */
export type Deps = {
  db: Db;
  schedules: Connected<typeof PaymentScheduleServiceService>;
  organisations: Organisations;
  clients: Connected<typeof ClientBaseServiceService>;
  produits: Connected<typeof ProduitServiceService>;
  apporteurs: Connected<typeof ApporteurServiceService>;
  mandats: Connected<typeof MandateServiceService>;
};

/** Contracts as rows. */
export const contratEntity = (db: Db) =>
  entity(db, { model: 'contrat', plural: 'contrats', message: Contrat });
export type ContratEntity = ReturnType<typeof contratEntity>;
