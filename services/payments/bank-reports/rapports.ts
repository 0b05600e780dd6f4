import type { Db } from '@crm/db';
import { entity, type Methods } from '@crm/kit';
import { RapportBancaire, type PaymentServiceService } from '@crm/proto/payments/payments';
import { toUnknownLines } from './to-unknown-line.ts';

/** The most unknown lines of a report in an answer, closed ones included. */
const MOST_UNKNOWN = 1_000;

/** Bank reports, for people to read. */
export function rapports(db: Db): Pick<Methods<typeof PaymentServiceService>, 'getRapport' | 'listRapports'> {
  const rapport = entity(db, { model: 'bankReport', plural: 'rapports', message: RapportBancaire });
  return {
    listRapports: rapport.list,
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
