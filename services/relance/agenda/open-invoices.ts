import type { Invoices } from '../read-invoices.ts';

/** How people call an invoice. */
export const numeroOf = (invoices: Invoices, id: string): string => invoices.get(id)?.numero ?? id;

/** True where nothing remains of an invoice: nothing of it is sent or debited any more. */
export const isSettled = (invoices: Invoices, id: string): boolean => invoices.get(id)?.restantDu === 0n;

/** An amount, or what remains of its invoice where that is less. Cents. */
export function atMostLeft(invoices: Invoices, id: string, montant: bigint): bigint {
  const left = invoices.get(id)?.restantDu;
  return left !== undefined && left < montant ? left : montant;
}
