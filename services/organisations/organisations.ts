import type { Db } from '@crm/db';
import { conflict, entity, notFound, type Call, type Methods } from '@crm/kit';
import { Organisation, type OrganisationServiceService } from '@crm/proto/organisations/organisations';

/** Organisations and their members. */
export function organisations(db: Db): Methods<typeof OrganisationServiceService> {
  const organisation = entity(db, {
    model: 'organisation',
    plural: 'organisations',
    message: Organisation,
    defaults: (_, id) => ({ code: id }),
  });
  /** Joins or leaves with one statement: concurrent changes are not lost, and a repeat changes nothing. */
  const change =
    (joins: boolean) =>
    ({ id, utilisateurId }: { id: string; utilisateurId: string }, call: Call) =>
      call.once(async (tx) => {
        await (joins
          ? tx.$executeRaw`
                UPDATE organisations.organisations
                SET membre_ids = array_append(membre_ids, ${utilisateurId}), updated_at = now()
                WHERE id = ${id} AND NOT ${utilisateurId} = ANY(membre_ids)`
          : tx.$executeRaw`
                UPDATE organisations.organisations
                SET membre_ids = array_remove(membre_ids, ${utilisateurId}), updated_at = now()
                WHERE id = ${id} AND ${utilisateurId} = ANY(membre_ids)`);
        return await organisation.read(tx, id);
      }, organisation.repeat);
  return {
    ...organisation,
    async get({ id }) {
      // an id has precedence over an equal code of another organisation
      const row =
        (await db.organisation.findUnique({ where: { id } })) ??
        (await db.organisation.findUnique({ where: { code: id } }));
      if (!row) throw notFound('organisation', id);
      return organisation.toMessage(row);
    },
    async create(request, call) {
      // one name would be two organisations'
      if (request.code && (await db.organisation.findUnique({ where: { id: request.code } })))
        throw conflict(`code: ${request.code} is the id of another organisation`);
      return await organisation.create(request, call);
    },
    update: ({ finance, ...changes }, call) =>
      organisation.update({ ...changes, ...(finance && { financeIds: finance.ids }) }, call),
    list: ({ membreId, references, avecArchivees, ...request }) =>
      organisation.listWhere(request, {
        ...(membreId && { membreIds: { has: membreId } }),
        ...(references.length > 0 && { OR: [{ id: { in: references } }, { code: { in: references } }] }),
        ...(!avecArchivees && references.length === 0 && { archivee: false }),
      }),
    ajouterMembre: change(true),
    retirerMembre: change(false),
  };
}
