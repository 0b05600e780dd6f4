import { afterUsualTerm, todayInParis } from '@crm/domain';
import { invalid } from '@crm/kit';
import { Temporal } from 'temporal-polyfill';

/** The latest date of an invoice. A mistyped year would start a number sequence of its own. */
const AHEAD = { years: 1 };

/**
 * The dates of an invoice, with defaults filled in.
 * @throws {RpcError} INVALID_ARGUMENT: due before it is issued, or dated more than a year ahead
 */
export function dateInvoice(given: { dateFacture: string; dateEcheance: string }): {
  dateFacture: string;
  dateEcheance: string;
} {
  const dateFacture = given.dateFacture || todayInParis();
  const dateEcheance = given.dateEcheance || afterUsualTerm(dateFacture);
  const latest = Temporal.PlainDate.from(todayInParis()).add(AHEAD).toString();
  if (dateFacture > latest) throw invalid('dateFacture', `must not be later than in a year, ${latest}`);
  assertDueAfterIssue(dateFacture, dateEcheance);
  return { dateFacture, dateEcheance };
}

/** @throws {RpcError} INVALID_ARGUMENT: due before it is issued */
export function assertDueAfterIssue(dateFacture: string, dateEcheance: string): void {
  if (dateEcheance < dateFacture) throw invalid('dateEcheance', `must not be before ${dateFacture}`);
}
