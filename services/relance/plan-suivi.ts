import { inParis } from '@crm/domain';

/**
 * When the task of a first follow-up is due, and when its reminder. Days are calendar days in Paris: seven
 * days after 10:00 is 10:00, even if the clocks change. Hours and less are elapsed time.
 * @param rule ISO 8601 durations
 */
export function planSuivi(
  since: Date,
  rule: { delai: string; delaiRappel: string },
): { datePrevue: Date; dateRappel: Date } {
  const task = inParis(since).add(rule.delai);
  const reminder = task.add(rule.delaiRappel);
  return { datePrevue: new Date(task.epochMilliseconds), dateRappel: new Date(reminder.epochMilliseconds) };
}
