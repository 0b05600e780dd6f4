import type { Db } from '@crm/db';
import { entity, notFound, type Methods } from '@crm/kit';
import { Adresse, UsageAdresse, type AdresseServiceService } from '@crm/proto/clients/clients';

/** The addresses of a client, deleted with the client. */
export function adresses(db: Db): Methods<typeof AdresseServiceService> {
  const adresse = entity(db, {
    model: 'adresse',
    plural: 'adresses',
    message: Adresse,
    defaults: { pays: 'FR', usage: UsageAdresse.FACTURATION },
  });
  return {
    ...adresse,
    create: async (request, call) => {
      const { clientId } = request;
      if (!(await db.client.findUnique({ where: { id: clientId } }))) throw notFound('client', clientId);
      return await adresse.create(request, call);
    },
    listByClient: adresse.list,
  };
}
