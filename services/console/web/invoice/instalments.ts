/** A payment that is promised: the day `2026-11-28`, and cents. */
export type Instalment = { date: string; montant: bigint };

/**
 * Equal instalments, one a month from a first day on; the last one has the cents that are left over. A month that is too
 * short has its last day.
 */
export function instalments(total: bigint, count: number, first: string): Instalment[] {
  const each = total / BigInt(count);
  return Array.from({ length: count }, (_, index) => ({
    date: monthsAfter(first, index),
    montant: index === count - 1 ? total - each * BigInt(count - 1) : each,
  }));
}

function monthsAfter(day: string, months: number): string {
  const [year, month, date] = day.split('-').map(Number) as [number, number, number];
  const last = new Date(Date.UTC(year, month + months, 0)).getUTCDate();
  return new Date(Date.UTC(year, month - 1 + months, Math.min(date, last))).toISOString().slice(0, 10);
}
