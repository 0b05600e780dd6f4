import { status } from '@grpc/grpc-js';
import proto, { type temporal } from '@temporalio/proto';
import type { NativeConnection } from '@temporalio/worker';
import { WORKFLOWS_MS } from '@crm/workflows/retention';
import { SEARCH_ATTRIBUTES } from '@crm/workflows/search-attributes';

const { IndexedValueType } = proto.temporal.api.enums.v1; // CommonJS: only the default export has it
const TYPES = {
  KEYWORD: IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD,
  KEYWORD_LIST: IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD_LIST,
} as Record<string, temporal.api.enums.v1.IndexedValueType>;

/**
 * Creates the namespace and the search attributes if they are missing, and sets the namespace's retention.
 * May be repeated.
 */
export async function prepareTemporal(connection: NativeConnection, namespace: string): Promise<void> {
  await ensureNamespace(connection, namespace);
  const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace });
  const missing = SEARCH_ATTRIBUTES.filter(({ name }) => !(name in customAttributes));
  if (missing.length === 0) return;
  const searchAttributes = Object.fromEntries(missing.map(({ name, type }) => [name, TYPES[type]!]));
  await connection.operatorService.addSearchAttributes({ namespace, searchAttributes });
}

async function ensureNamespace({ workflowService }: NativeConnection, namespace: string): Promise<void> {
  const workflowExecutionRetentionTtl = { seconds: (WORKFLOWS_MS / 1000) as never };
  try {
    const { config } = await workflowService.describeNamespace({ namespace });
    // a longer retention is fine too
    if (Number(config?.workflowExecutionRetentionTtl?.seconds ?? 0) >= WORKFLOWS_MS / 1000) return;
    await workflowService.updateNamespace({ namespace, config: { workflowExecutionRetentionTtl } });
  } catch (error) {
    if ((error as { code?: number }).code !== status.NOT_FOUND) throw error;
    await workflowService.registerNamespace({
      namespace,
      workflowExecutionRetentionPeriod: workflowExecutionRetentionTtl,
    });
  }
}
