import { invalid, todayInParis, LAST_DATE } from '@crm/kit';
import { Temporal } from 'temporal-polyfill';

/** Terms of payment where none are told: 30 days, as the law has it (C. com. L441-10, I). */
const TERM = { days: 30 };
/**
 * The dates of an invoice, those left out filled in.
 * @throws {RpcError} INVALID_ARGUMENT: due before it is issued, or beyond the calendar
 */
export function dateInvoice(given: { dateFacture: string; dateEcheance: string }): {
  dateFacture: string;
  dateEcheance: string;
} {
  const dateFacture = given.dateFacture || todayInParis();
  const dateEcheance = given.dateEcheance || Temporal.PlainDate.from(dateFacture).add(TERM).toString();
  if (dateEcheance > LAST_DATE) throw invalid('dateEcheance', `must not be after ${LAST_DATE}`);
  assertDueAfterIssue(dateFacture, dateEcheance);
  return { dateFacture, dateEcheance };
}

/** @throws {RpcError} INVALID_ARGUMENT: due before it is issued */
export function assertDueAfterIssue(dateFacture: string, dateEcheance: string): void {
  if (dateEcheance < dateFacture) throw invalid('dateEcheance', `must not be before ${dateFacture}`);
}
