import type { Db } from '@crm/db';
import { entity, type Methods } from '@crm/kit';
import { Activite, TypeActivite, type ActiviteServiceService } from '@crm/proto/activites/activites';

/** What happened with a client; never changed afterwards. */
export function activites(db: Db): Methods<typeof ActiviteServiceService> {
  const activite = entity(db, {
    model: 'activite',
    plural: 'activites',
    message: Activite,
    defaults: ({ caller }) => ({
      organisationId: 'default',
      utilisateurId: caller.sub,
      type: TypeActivite.NOTE,
      dateActivite: new Date(),
    }),
  });
  return { ...activite, listByClient: activite.list };
}
