import { HANDLERS_MEMO, type HandlersMemo } from '@crm/workflows/handler-memo';
import {
  ClientId,
  FailedHandlers,
  InvoiceId,
  LateHandlers,
  StrandedHandlers,
} from '@crm/workflows/search-attributes';
import { EtatHandler, type FiltreRuns } from '@crm/proto/ops/ops';
import type { WorkflowClient, WorkflowExecutionInfo } from '@temporalio/client';
import { causeOf } from './cause-of.ts';

/** An open run with failed or late handlers, and why. */
export type FailedRun = {
  workflowId: string;
  runId: string;
  type: string;
  startedAt: Date;
  /** Empty: it concerns none. */
  clientId: string;
  invoiceId: string;
  handlers: FailedHandler[];
};

export type FailedHandler = {
  handler: string;
  etat: EtatHandler.ECHEC | EtatHandler.RETARD;
  /** Empty: it failed before reasons were kept. */
  reason: string;
  cause: string;
  since: Date;
  isStranded: boolean;
};

/** Which runs; `workflowId`: only this one. */
type Filter = Partial<FiltreRuns> & { workflowId?: string | undefined };

/** As many runs are read for one answer; beyond it counts are told as cut. */
export const MOST_RUNS = 10_000;

/**
 * The open runs of a filter with the handlers that it means, as Temporal lists them: the newest first.
 * @param from only those that began then or before
 */
export async function* failedRuns(
  workflows: WorkflowClient,
  filter: Filter = {},
  from?: Date,
): AsyncGenerator<FailedRun> {
  const query = [queryOf(filter), ...(from ? [`StartTime <= '${from.toISOString()}'`] : [])].join(' AND ');
  for await (const info of workflows.list({ query, pageSize: 500 })) {
    const run = readRun(info);
    const handlers = run.handlers.filter(
      ({ handler, cause, etat }) =>
        (!filter.handler || handler === filter.handler) &&
        (!filter.cause || cause === filter.cause) &&
        (isAny(filter.etat) || etat === filter.etat),
    );
    if (handlers.length) yield { ...run, handlers };
  }
}

const isAny = (etat?: EtatHandler) => !etat || etat === EtatHandler.UNSPECIFIED;

/** The query of Temporal's list for a filter, without its cause: reasons are in memos, which cannot be searched. */
export function queryOf({ handler, type, clientId, etat, workflowId }: Filter): string {
  const is = handler ? `= ${quoted(handler)}` : 'IS NOT NULL';
  const failed = `FailedHandlers ${is}`;
  const late = `LateHandlers ${is}`;
  const which =
    etat === EtatHandler.ECHEC ? failed : etat === EtatHandler.RETARD ? late : `(${failed} OR ${late})`;
  return [
    which,
    `ExecutionStatus = 'Running'`,
    ...(type ? [`WorkflowType = ${quoted(type)}`] : []),
    ...(workflowId ? [`WorkflowId = ${quoted(workflowId)}`] : []),
    ...(clientId ? [`ClientId = ${quoted(clientId)}`] : []),
  ].join(' AND ');
}

const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** Reads a run of Temporal's list, or of its description. */
export function readRun({
  workflowId,
  runId,
  type,
  startTime,
  typedSearchAttributes: attributes,
  memo,
}: Pick<
  WorkflowExecutionInfo,
  'workflowId' | 'runId' | 'type' | 'startTime' | 'typedSearchAttributes' | 'memo'
>): FailedRun {
  const known = (memo?.[HANDLERS_MEMO] ?? {}) as HandlersMemo;
  const stranded = attributes.get(StrandedHandlers) ?? [];
  const of = (names: string[], etat: FailedHandler['etat']): FailedHandler[] =>
    names.map((handler) => {
      const { reason = '', since } = known[handler] ?? {};
      return {
        ...{ handler, etat, reason, cause: causeOf(reason) },
        since: since ? new Date(since) : startTime,
        isStranded: stranded.includes(handler),
      };
    });
  const handlers = [
    ...of(attributes.get(FailedHandlers) ?? [], EtatHandler.ECHEC),
    ...of(attributes.get(LateHandlers) ?? [], EtatHandler.RETARD),
  ];
  return {
    ...{ workflowId, runId, type, startedAt: startTime, handlers },
    clientId: attributes.get(ClientId) ?? '',
    invoiceId: attributes.get(InvoiceId) ?? '',
  };
}
