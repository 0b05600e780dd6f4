/** How services talk to workflows. Not part of the kit's index, because most processes never do. */
export { connectTemporal, temporalSpec, type WorkflowCommands } from './connect-temporal.ts';
export { followUpTeller } from './follow-up-teller.ts';
export { selectMany, tellMany, type ManyOf, type Named } from './tell-many.ts';
