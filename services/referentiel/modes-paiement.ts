import type { Db } from '@crm/db';
import { notFound, page, type Methods } from '@crm/kit';
import type { ModePaiement, ModePaiementServiceService } from '@crm/proto/referentiel/referentiel';

/** Means of payment. The rows come from a migration. */
export function modesPaiement(db: Db): Methods<typeof ModePaiementServiceService> {
  const toMessage = ({ id, libelle }: { id: string; libelle: string }): ModePaiement => ({
    code: id,
    libelle,
  });
  return {
    async get({ code }) {
      const row = await db.modePaiement.findUnique({ where: { id: code.toUpperCase() } });
      if (!row) throw notFound('modePaiement', code);
      return toMessage(row);
    },
    async list(request) {
      const { rows, nextPageToken } = await page(request, (last, take) =>
        db.modePaiement.findMany({
          orderBy: { id: 'asc' },
          take,
          ...(last && { cursor: { id: last }, skip: 1 }),
        }),
      );
      return { modes: rows.map(toMessage), nextPageToken };
    },
  };
}
