/** A month: how many of its days count, and what was invoiced in them, in cents. */
export type Month = { days: number; invoiced: bigint };

/**
 * The DSO by counting back: how many days of invoices what is owed amounts to, the latest first. Whole months are taken
 * off while they are smaller than what is left, then the part of the next one. A month with nothing (or more credited
 * than invoiced) counts with all its days.
 * @param owed in cents
 * @param months the newest first
 * @returns tenths of days; undefined: more is owed than these months invoiced
 */
export function countBack(owed: bigint, months: Month[]): number | undefined {
  let left = owed;
  let days = 0;
  for (const month of months) {
    if (left <= 0n) break;
    if (month.invoiced > left)
      return Math.round((days + (Number(left) / Number(month.invoiced)) * month.days) * 10);
    left -= month.invoiced > 0n ? month.invoiced : 0n;
    days += month.days;
  }
  return left > 0n ? undefined : days * 10;
}
