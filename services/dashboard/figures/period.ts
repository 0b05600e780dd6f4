import { inParis } from '@crm/domain';
import { invalid } from '@crm/kit';
import type { PeriodeChiffres } from '@crm/proto/dashboard/chiffres';
import { Temporal } from 'temporal-polyfill';

const MOST_MONTHS = 60;

/**
 * The days of a period; by default twelve months that end today.
 * @throws {RpcError} INVALID_ARGUMENT `au`: before `du`, or more than 60 months
 */
export function period({ du, au }: Pick<PeriodeChiffres, 'du' | 'au'>): { du: string; au: string } {
  const last = au ? Temporal.PlainDate.from(au) : inParis(new Date()).toPlainDate();
  const first = du ? Temporal.PlainDate.from(du) : last.with({ day: 1 }).subtract({ months: 11 });
  if (Temporal.PlainDate.compare(first, last) > 0) throw invalid('au', 'must not be before du');
  const months = first.with({ day: 1 }).until(last.with({ day: 1 }), { largestUnit: 'month' }).months + 1;
  if (months > MOST_MONTHS)
    throw invalid('au', `a period has at most ${MOST_MONTHS} months: ask for less of it`);
  return { du: first.toString(), au: last.toString() };
}
