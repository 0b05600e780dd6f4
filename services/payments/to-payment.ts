import type { Tx } from '@crm/db';
import { Payment } from '@crm/proto/payments/payments';

/** A payment as its row; `sequence` counts the changes of its state. */
export type PaymentRow = NonNullable<Awaited<ReturnType<Tx['payment']['findUnique']>>>;

/** A row as callers see it. */
export const toPayment = (row: PaymentRow): Payment => Payment.fromPartial(row as object);
