import type { Tx } from '@crm/db';
import { Payment } from '@crm/proto/payments/payments';

/** A payment's row. `sequence` counts the changes of its state. */
export type PaymentRow = NonNullable<Awaited<ReturnType<Tx['payment']['findUnique']>>>;

/** Converts a row to the message. */
export const toPayment = (row: PaymentRow): Payment => Payment.fromPartial(row as object);
