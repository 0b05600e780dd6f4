import { sql, type Db } from '@crm/db';
import { page, type Methods } from '@crm/kit';
import { FraisDePaiement, type PaymentServiceService } from '@crm/proto/payments/payments';
import { toPayment } from '../to-payment.ts';

type Fee = { id: string; paymentId: string; montant: bigint; date: string; tentative: number };

/**
 * Lists the bank's charges for payments. They are stored in the payments' rows: the condition on them has the form of the
 * partial index.
 */
export const listFrais =
  (db: Db): Methods<typeof PaymentServiceService>['listFrais'] =>
  async ({ organisationId, clientId, du, au, ...request }) => {
    const selected = sql`
      FROM payments.payments p, jsonb_array_elements(p.frais_bancaires) WITH ORDINALITY AS f(frais, n)
      WHERE p.frais_bancaires <> '[]'
        ${organisationId ? sql`AND p.organisation_id = ${organisationId}` : sql``}
        ${clientId ? sql`AND p.client_id = ${clientId}` : sql``}
        ${du ? sql`AND f.frais->>'date' >= ${du}` : sql``}
        ${au ? sql`AND f.frais->>'date' <= ${au}` : sql``}`;
    const found = await page(request, async (last, take) => {
      const [, afterId = '', afterN = '0'] = /^(.*)_(\d{1,9})$/.exec(last ?? '') ?? [];
      const after =
        last === undefined
          ? sql``
          : sql`AND (p.id < ${afterId} OR p.id = ${afterId} AND f.n > ${Number(afterN)})`;
      return await db.$queryRaw<Fee[]>`
        SELECT p.id || '_' || f.n AS id, p.id AS "paymentId", (f.frais->>'montant')::bigint AS montant,
          f.frais->>'date' AS date, coalesce((f.frais->>'tentative')::int, 0) AS tentative
        ${selected} ${after} ORDER BY p.id DESC, f.n LIMIT ${take}`;
    });
    const [sum] = await db.$queryRaw<{ nombre: number; total: bigint }[]>`
      SELECT count(*)::int AS nombre, coalesce(sum((f.frais->>'montant')::bigint), 0)::bigint AS total ${selected}`;
    const ids = [...new Set(found.rows.map(({ paymentId }) => paymentId))];
    const rows = await db.payment.findMany({ where: { id: { in: ids } } });
    const payments = new Map(rows.map((row) => [row.id, toPayment(row)]));
    return {
      frais: found.rows.map(({ paymentId, montant, date, tentative }) =>
        FraisDePaiement.fromPartial({
          frais: { montant, date },
          ...{ paiement: payments.get(paymentId)!, tentative },
        }),
      ),
      ...{ nextPageToken: found.nextPageToken, nombre: sum!.nombre, total: sum!.total },
    };
  };
