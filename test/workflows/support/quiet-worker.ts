import { quietRuntime } from '@crm/tools/simulation/quiet-runtime';

/** Has workers say nothing of attempts that fail and histories that break: that is what the tests are about. */
export const quietWorker = quietRuntime;

/** Where the workflows' spans go, which nobody reads here. */
export const noSpans = { exporter: { export: { fn: () => {}, callDuringReplay: false } } };
