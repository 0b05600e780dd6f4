import { afterUsualTerm, todayInParis } from '@crm/domain';
import { invalid } from '@crm/kit';
import type { CreatePaymentScheduleRequest } from '@crm/proto/payments/payments';
import type { BankDays } from '../bank-days.ts';
import { instalmentDates } from './instalment-dates.ts';
import { splitAmount } from './split-amount.ts';

/** The latest instalment: its retries must still be within the calendar (`LAST_DATE`). */
const LAST_INSTALMENT = '2189-12-31';

/** An instalment: its amount in cents, and the open day of its debit. */
export type Instalment = { montant: bigint; datePrevue: string };

/**
 * Plans the instalments of a schedule: equal amounts to the cent, month after month, each on an open day.
 * @throws INVALID_ARGUMENT: more instalments than cents, or dates too close to the end of the calendar
 */
export async function planInstalments(
  request: CreatePaymentScheduleRequest,
  { openDays }: BankDays,
): Promise<Instalment[]> {
  const count = request.nombreEcheances || 1;
  if (BigInt(count) > request.montantTotal) {
    throw invalid('nombreEcheances', 'must leave a cent at least for each instalment');
  }
  const first = request.datePremiereEcheance || afterUsualTerm(todayInParis());
  const wished = instalmentDates(first, count, request.periodiciteMois || 1);
  if (wished.at(-1)! > LAST_INSTALMENT) {
    throw invalid('datePremiereEcheance', `the last instalment would be later than ${LAST_INSTALMENT}`);
  }
  const dates = await openDays(wished);
  return splitAmount(request.montantTotal, count).map((montant, index) => ({
    montant,
    datePrevue: dates[index]!,
  }));
}
