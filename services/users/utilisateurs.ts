import type { Db } from '@crm/db';
import { entity, notFound, type Connected, type Methods, DEFAULT_ORGANISATION } from '@crm/kit';
import type { Organisation, OrganisationServiceService } from '@crm/proto/organisations/organisations';
import { Utilisateur, type UtilisateurServiceService } from '@crm/proto/users/users';

/** Users. Their memberships come from organisations, with the caller's own token. */
export function utilisateurs(
  db: Db,
  organisations: Connected<typeof OrganisationServiceService>,
): Methods<typeof UtilisateurServiceService> {
  const utilisateur = entity(db, {
    model: 'utilisateur',
    plural: 'utilisateurs',
    message: Utilisateur,
    defaults: { organisationId: DEFAULT_ORGANISATION },
  });

  const withOrganisations = async (found: Utilisateur): Promise<Utilisateur> => {
    const all: Organisation[] = [];
    for (let pageToken: string | undefined = ''; pageToken !== undefined;) {
      const page = await organisations.list({ membreId: found.id, pageSize: 200, pageToken });
      all.push(...page.organisations);
      pageToken = page.nextPageToken || undefined;
    }
    return { ...found, organisations: all.map(({ id, nom }) => ({ organisationId: id, nom })) };
  };

  return {
    ...utilisateur,
    // null instead of empty: the column is unique, and many users may have no account yet
    create: ({ keycloakId, ...request }, call) =>
      utilisateur.create({ ...request, keycloakId: keycloakId || null }, call),
    get: async (request) => await withOrganisations(await utilisateur.get(request)),
    list: ({ ids, keycloakIds, ...request }) =>
      utilisateur.listWhere(request, {
        ...(ids.length > 0 && { id: { in: ids } }),
        ...(keycloakIds.length > 0 && { keycloakId: { in: keycloakIds } }),
      }),
    async getByKeycloakId({ keycloakId }) {
      const row = await db.utilisateur.findUnique({ where: { keycloakId } });
      if (!row) throw notFound('utilisateur', keycloakId);
      return await withOrganisations(utilisateur.toMessage(row));
    },
  };
}
