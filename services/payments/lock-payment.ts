import { notFound } from '@crm/kit';
import type { Tx } from '@crm/db';
import type { PaymentRow } from './to-payment.ts';

/**
 * Reads a payment and locks it until the transaction ends: of two concurrent changes, the second sees the
 * first.
 * @throws NOT_FOUND
 */
export async function lockPayment(tx: Tx, id: string): Promise<PaymentRow> {
  await tx.$queryRaw`SELECT id FROM payments.payments WHERE id = ${id} FOR UPDATE`;
  const row = await tx.payment.findUnique({ where: { id } });
  if (!row) throw notFound('payment', id);
  return row;
}
