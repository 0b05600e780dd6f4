import type { Db } from '@crm/db';
import { page, type Methods } from '@crm/kit';
import { ClasseRejet, MotifRejet, type MotifRejetServiceService } from '@crm/proto/referentiel/referentiel';

/** Rejection reasons. The rows come from a migration. */
export function motifsRejet(db: Db): Methods<typeof MotifRejetServiceService> {
  const toMessage = ({ id, ...row }: { id: string }) =>
    MotifRejet.fromPartial({ ...row, code: id, connu: true });
  return {
    async get(request) {
      const code = request.code.trim().toUpperCase();
      const row = await db.motifRejet.findUnique({ where: { id: code } });
      // a person must decide about an unknown code
      return row
        ? toMessage(row)
        : { code, libelle: 'Motif inconnu', classe: ClasseRejet.ARRET, connu: false };
    },
    async list({ classe, ...request }) {
      const { rows, nextPageToken } = await page(request, (last, take) =>
        db.motifRejet.findMany({
          where: classe === ClasseRejet.UNSPECIFIED ? {} : { classe },
          orderBy: { id: 'asc' },
          take,
          ...(last && { cursor: { id: last }, skip: 1 }),
        }),
      );
      return { motifs: rows.map(toMessage), nextPageToken };
    },
  };
}
