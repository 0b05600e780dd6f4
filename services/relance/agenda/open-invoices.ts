import type { Invoices } from '../read-invoices.ts';

/** The number by which people know an invoice. */
export const numeroOf = (invoices: Invoices, id: string): string => invoices.get(id)?.numero ?? id;

/** Whether nothing is left to pay of an invoice: nothing more is sent or debited for it. */
export const isSettled = (invoices: Invoices, id: string): boolean => invoices.get(id)?.restantDu === 0n;

/** An amount, or what is left of its invoice if that is less. In cents. */
export function atMostLeft(invoices: Invoices, id: string, montant: bigint): bigint {
  const left = invoices.get(id)?.restantDu;
  return left !== undefined && left < montant ? left : montant;
}
