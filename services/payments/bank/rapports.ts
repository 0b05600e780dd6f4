import type { Db } from '@crm/db';
import { entity, type Methods } from '@crm/kit';
import {
  RapportBancaire,
  TransactionInconnue,
  type PaymentServiceService,
} from '@crm/proto/payments/payments';

/** Of a report's unknown transactions, so many are answered. */
const MOST_UNKNOWN = 1_000;

/** The bank's reports, for people to look at. */
export function rapports(db: Db): Pick<Methods<typeof PaymentServiceService>, 'getRapport' | 'listRapports'> {
  const rapport = entity(db, { model: 'bankReport', plural: 'rapports', message: RapportBancaire });
  return {
    listRapports: (request) => rapport.list(request),
    async getRapport(request) {
      const found = await rapport.get(request);
      const rows = await db.reportTransaction.findMany({
        where: { reportId: found.id, issue: 'INCONNU' },
        orderBy: { rang: 'asc' },
        take: MOST_UNKNOWN,
      });
      const inconnues = rows.map((row) =>
        TransactionInconnue.fromPartial({
          ...(row as Partial<TransactionInconnue>),
          montant: row.montant ?? undefined,
          survenuAt: row.survenuAt ?? undefined,
        }),
      );
      return { ...found, inconnues };
    },
  };
}
