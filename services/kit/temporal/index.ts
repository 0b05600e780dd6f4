/** How services speak with workflows. Apart from the kit: most processes never do. */
export {
  connectTemporal,
  temporalSpec,
  type FollowUpStart,
  type WorkflowCommands,
} from './connect-temporal.ts';
export { followUpTeller } from './follow-up-teller.ts';
