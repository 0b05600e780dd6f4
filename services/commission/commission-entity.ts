import type { Db } from '@crm/db';
import { entity, type Connected, type Logger } from '@crm/kit';
import type {
  ApporteurServiceService,
  BaremeCommissionServiceService,
} from '@crm/proto/commerciaux/commerciaux';
import { Commission } from '@crm/proto/commission/commission';

/** What the methods need. */
export type Deps = {
  db: Db;
  log: Logger;
  apporteurs: Connected<typeof ApporteurServiceService>;
  baremes: Connected<typeof BaremeCommissionServiceService>;
};

/** Commissions as rows, one per payment. */
export const commissionEntity = (db: Db) =>
  entity(db, { model: 'commission', plural: 'commissions', message: Commission });
