import { sql, type Db } from '@crm/db';
import { page, type Methods } from '@crm/kit';
import type { PaymentServiceService } from '@crm/proto/payments/payments';
import { toUnknownLines } from './to-unknown-line.ts';

type Named = { id: string; reportId: string; rang: number };

/** The separator in a page token: a report's id (which has no `_`) and a rank. */
const SEPARATOR = '_';

/**
 * Lists the unknown lines of all reports, oldest report first: ids are UUIDv7. The SQL has literals because
 * the partial indexes have them.
 */
export const listUnknownLines =
  (db: Db): Methods<typeof PaymentServiceService>['listLignesInconnues'] =>
  async ({ rapportId, organisationId, closes, ...request }) => {
    const found = await page(request, async (last, take) => {
      const [afterReport = '', afterRank = '0'] = last?.split(SEPARATOR) ?? [];
      const rank = /^\d{1,9}$/.test(afterRank) ? Number(afterRank) : 0;
      const open = sql`(t.issue = 'INCONNU' AND t.cloture = '')`;
      return await db.$queryRaw<Named[]>`
        SELECT t.report_id || ${SEPARATOR} || t.rang AS id, t.report_id AS "reportId", t.rang
        FROM payments.report_transactions t
        WHERE ${closes ? sql`(${open} OR t.cloture <> '')` : open}
          AND (t.report_id, t.rang) > (${afterReport}, ${rank}::bigint)
          ${rapportId ? sql`AND t.report_id = ${rapportId}` : sql``}
          ${
            organisationId
              ? sql`AND (
            EXISTS (SELECT FROM payments.payments p
              WHERE p.id = t.payment_id AND p.organisation_id = ${organisationId})
            OR t.payment_id = '' AND t.rum <> '' AND EXISTS (SELECT FROM payments.mandates m
              WHERE lower(btrim(m.rum)) = lower(btrim(t.rum)) AND m.organisation_id = ${organisationId}))`
              : sql``
          }
        ORDER BY t.report_id, t.rang LIMIT ${take}`;
    });
    const rows = await db.reportTransaction.findMany({
      where: { OR: found.rows.map(({ reportId, rang }) => ({ reportId, rang })) },
      orderBy: [{ reportId: 'asc' }, { rang: 'asc' }],
    });
    return { lignes: await toUnknownLines(db, rows), nextPageToken: found.nextPageToken };
  };
