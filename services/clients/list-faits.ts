import type { Db } from '@crm/db';
import { clientName } from '@crm/domain';
import { changedRows, type Methods } from '@crm/kit';
import type { FaitServiceService } from '@crm/proto/clients/faits';

/** What other services need of clients for their figures. */
export const listFaits = (db: Db): Methods<typeof FaitServiceService> => ({
  async listFaits(request) {
    const { ids, ...where } = await changedRows(db, 'clients.clients', request);
    const rows = await db.client.findMany({ where: { id: { in: ids } } });
    const faits = rows.map((row) => ({
      clientId: row.id,
      organisationId: row.organisationId,
      nom: clientName(row),
      gestionnaireId: row.gestionnaireId,
    }));
    return { faits, ...where };
  },
});
