import type { FollowUpStart } from './follow-up-starts.ts';
import { searchAttributes } from './search-attributes.ts';
import { FOLLOW_UPS_QUEUE } from './task-queues.ts';

/** The options of Temporal's client for starting a follow-up; except what happens if there is one already. */
export const startOptions = <Input extends object>({
  workflowId,
  input,
  eventType,
  ids,
  summary,
}: FollowUpStart<Input>) => ({
  workflowId,
  args: [input] as [Input],
  taskQueue: FOLLOW_UPS_QUEUE,
  priority: { fairnessKey: ids.organisationId },
  typedSearchAttributes: searchAttributes(eventType, ids),
  staticSummary: summary,
});
