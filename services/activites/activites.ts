import type { Db } from '@crm/db';
import { entity, type Methods } from '@crm/kit';
import { Activite, TypeActivite, type ActiviteServiceService } from '@crm/proto/activites/activites';
import { checkClient, type Register } from './check-client.ts';

/** What happened with a client; never changed afterwards. */
export function activites(db: Db, register: Register): Methods<typeof ActiviteServiceService> {
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
  return {
    ...activite,
    async create(request, call) {
      await checkClient(register, request, call);
      return await activite.create(request, call);
    },
    listByClient: activite.list,
  };
}
