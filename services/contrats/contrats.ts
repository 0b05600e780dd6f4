import type { Db } from '@crm/db';
import { type Organisations } from '@crm/domain';
import { entity, notFound, type Connected, type Methods } from '@crm/kit';
import type { ClientBaseServiceService } from '@crm/proto/clients/clients';
import type { ApporteurServiceService } from '@crm/proto/commerciaux/commerciaux';
import { Contrat, type ContratServiceService } from '@crm/proto/contrats/contrats';
import type { MandateServiceService, PaymentScheduleServiceService } from '@crm/proto/payments/payments';
import type { ProduitServiceService } from '@crm/proto/products/products';
import { createContrat } from './create-contrat.ts';
import { getPdf } from './get-pdf.ts';
import { resilier } from './resilier.ts';
import { signer } from './signer.ts';
import { updateDraft } from './update-draft.ts';

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

/** Contracts: a draft is changed until it is signed, a signed one only terminated. */
export function contrats(deps: Deps): Methods<typeof ContratServiceService> {
  const { db, schedules } = deps;
  const contrat = contratEntity(db);
  return {
    get: contrat.get,
    list: ({ ids, ...request }) => contrat.listWhere(request, ids.length ? { id: { in: ids } } : {}),
    create: createContrat(contrat, deps),
    update: updateDraft(contrat, deps),
    signer: signer(contrat, deps),
    resilier: resilier(contrat),
    getPdf: getPdf(deps),
    async getByReference({ organisationId: given, reference }) {
      const organisationId = given || 'default';
      const row = await db.contrat.findUnique({
        where: { organisationId_reference: { organisationId, reference } },
      });
      if (!row) throw notFound('contrat', reference);
      return contrat.toMessage(row);
    },
    async getEcheancier(request) {
      const { id: contratId, organisationId } = await contrat.get(request);
      const { schedules: found } = await schedules.list({ organisationId, contratId, pageSize: 1 });
      if (!found[0]) throw notFound('schedule of contrat', contratId);
      return found[0];
    },
  };
}
