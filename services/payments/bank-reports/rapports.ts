import type { Db } from '@crm/db';
import { entity, type Methods } from '@crm/kit';
import { RapportBancaire, type PaymentServiceService } from '@crm/proto/payments/payments';
import { toUnknownLines } from './to-unknown-line.ts';

/** Of a report's unknown lines, closed ones among them, so many are answered. */
const MOST_UNKNOWN = 1_000;

/** The bank's reports, for people to look at. */
export function rapports(db: Db): Pick<Methods<typeof PaymentServiceService>, 'getRapport' | 'listRapports'> {
  const rapport = entity(db, { model: 'bankReport', plural: 'rapports', message: RapportBancaire });
  return {
    listRapports: (request) => rapport.list(request),
    async getRapport(request) {
      const found = await rapport.get(request);
      const rows = await db.reportTransaction.findMany({
        where: { reportId: found.id, OR: [{ issue: 'INCONNU' }, { cloture: { not: '' } }] },
        orderBy: { rang: 'asc' },
        take: MOST_UNKNOWN,
      });
      return { ...found, inconnues: await toUnknownLines(db, rows) };
    },
  };
}
