import { amountInText, distinct, findByText, type SearchCondition } from '@crm/domain';
import { notFound, type Methods, organisationOrDefault } from '@crm/kit';
import type { ContratServiceService } from '@crm/proto/contrats/contrats';
import { contratEntity, type Deps } from './contrat-entity.ts';
import { createContrat } from './create-contrat.ts';
import { getPdf } from './get-pdf.ts';
import { resilier } from './resilier.ts';
import { signer } from './signer.ts';
import { updateDraft } from './update-draft.ts';

const DEFAULT_SIZE = 50;

/** Contracts: a draft can change until it is signed; a signed one can only be terminated. */
export function contrats(deps: Deps): Methods<typeof ContratServiceService> {
  const { db, schedules } = deps;
  const contrat = contratEntity(db);
  return {
    get: contrat.get,
    list: ({ ids, ...request }) => contrat.listWhere(request, ids.length ? { id: { in: ids } } : {}),
    async search({ texte, organisationId, pageSize }) {
      const take = pageSize || DEFAULT_SIZE;
      const montantTotal = amountInText(texte);
      const find = (condition: SearchCondition | { montantTotal: bigint }) =>
        db.contrat.findMany({
          where: { ...condition, ...(organisationId && { organisationId }) },
          orderBy: { id: 'desc' },
          take,
        });
      const byAmount = montantTotal ? await find({ montantTotal }) : [];
      const byText = await findByText(db, texte, take, find);
      return { contrats: distinct([...byAmount, ...byText], take).map(contrat.toMessage) };
    },
    create: createContrat(contrat, deps),
    update: updateDraft(contrat, deps),
    signer: signer(contrat, deps),
    resilier: resilier(contrat),
    getPdf: getPdf(deps),
    async getByReference({ organisationId: given, reference }) {
      const organisationId = organisationOrDefault(given);
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
