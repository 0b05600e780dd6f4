import { resolveBinary } from '@crm/tools/binaries';
import { SEARCH_ATTRIBUTES } from '@crm/workflows/search-attributes';
import { TestWorkflowEnvironment } from '@temporalio/testing';

export const NAMESPACE = 'crm';

/**
 * Starts a separate Temporal development server, in memory: for features that the time-skipping one lacks.
 */
export async function startDevServer(): Promise<TestWorkflowEnvironment> {
  return await TestWorkflowEnvironment.createLocal({
    server: {
      executable: { type: 'existing-path', path: await resolveBinary('temporal') },
      namespace: NAMESPACE,
      searchAttributes: SEARCH_ATTRIBUTES,
      log: { format: 'pretty', level: 'error' },
    },
  });
}
