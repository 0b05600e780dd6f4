import { notFound } from '@crm/kit';
import type { Tx } from '@crm/db';
import type { PaymentRow } from './to-payment.ts';

/**
 * Reads a payment and keeps it as it is until the transaction ends: of two that would change its state at once, the
 * second one decides by what the first one left.
 * @throws NOT_FOUND
 */
export async function lockPayment(tx: Tx, id: string): Promise<PaymentRow> {
  await tx.$queryRaw`SELECT id FROM payments.payments WHERE id = ${id} FOR UPDATE`;
  const row = await tx.payment.findUnique({ where: { id } });
  if (!row) throw notFound('payment', id);
  return row;
}
