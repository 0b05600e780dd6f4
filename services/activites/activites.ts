import type { Db } from '@crm/db';
import { entity, type Call, type Methods, DEFAULT_ORGANISATION } from '@crm/kit';
import {
  Activite,
  TypeActivite,
  type ActiviteServiceService,
  type CreateActiviteRequest,
} from '@crm/proto/activites/activites';
import { checkClient, type Register } from './check-client.ts';
import { oncePerOrigin } from './once-per-origin.ts';

/** Activities with a client. They never change. */
export function activites(db: Db, register: Register): Methods<typeof ActiviteServiceService> {
  const activite = entity(db, {
    model: 'activite',
    plural: 'activites',
    message: Activite,
    defaults: ({ caller }) => ({
      organisationId: DEFAULT_ORGANISATION,
      utilisateurId: caller.sub,
      type: TypeActivite.NOTE,
      dateActivite: new Date(),
      origine: null,
    }),
  });
  return {
    ...activite,
    create: oncePerOrigin(
      async (request: CreateActiviteRequest, call: Call) => {
        await checkClient(register, request, call);
        return await activite.create(request, call);
      },
      async (of) => {
        const row = await db.activite.findFirst({ where: of });
        return row ? activite.toMessage(row) : undefined;
      },
    ),
    listByClient: activite.list,
  };
}
