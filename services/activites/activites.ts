import type { Db } from '@crm/db';
import { entity, type Methods } from '@crm/kit';
import { Activite, TypeActivite, type ActiviteServiceService } from '@crm/proto/activites/activites';

/** What happened with a client; never changed afterwards. */
export function activites(db: Db): Methods<typeof ActiviteServiceService> {
  const activite = entity<Activite>(db, {
    model: 'activite',
    message: Activite,
    defaults: ({ caller }) => ({
      organisationId: 'default',
      utilisateurId: caller.sub,
      type: TypeActivite.NOTE,
      dateActivite: new Date(),
    }),
  });
  const list = async (request: Parameters<typeof activite.list>[0]) => {
    const { rows, nextPageToken } = await activite.list(request);
    return { activites: rows, nextPageToken };
  };
  return { ...activite, list, listByClient: list };
}
