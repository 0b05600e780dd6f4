import { todayInParis } from '@crm/domain';
import { invalid } from '@crm/kit';
import { Temporal } from 'temporal-polyfill';

/** Terms of payment where none are told: 30 days, as the law has it (C. com. L441-10, I). */
const TERM = { days: 30 };
/** An invoice is issued, not planned: its date is not later than this. A mistyped year would begin numbers of its own. */
const AHEAD = { years: 1 };

/**
 * The dates of an invoice, those left out filled in.
 * @throws {RpcError} INVALID_ARGUMENT: due before it is issued, or of a day that is more than a year ahead
 */
export function dateInvoice(given: { dateFacture: string; dateEcheance: string }): {
  dateFacture: string;
  dateEcheance: string;
} {
  const dateFacture = given.dateFacture || todayInParis();
  const dateEcheance = given.dateEcheance || Temporal.PlainDate.from(dateFacture).add(TERM).toString();
  const latest = Temporal.PlainDate.from(todayInParis()).add(AHEAD).toString();
  if (dateFacture > latest) throw invalid('dateFacture', `must not be later than in a year, ${latest}`);
  assertDueAfterIssue(dateFacture, dateEcheance);
  return { dateFacture, dateEcheance };
}

/** @throws {RpcError} INVALID_ARGUMENT: due before it is issued */
export function assertDueAfterIssue(dateFacture: string, dateEcheance: string): void {
  if (dateEcheance < dateFacture) throw invalid('dateEcheance', `must not be before ${dateFacture}`);
}
