import type { Headers, WorkflowInterceptors } from '@temporalio/workflow';

/** The header in which OpenTelemetry's interceptors of client and activities store the trace. */
const TRACE_HEADER = '_tracer-data';

/**
 * Passes the trace from whatever started a workflow to its activities and children. Temporal's own
 * interceptor would also create a span of the workflow, at the price of OpenTelemetry's hundred modules in
 * each workflow's memory and some ten milliseconds at each start (ADR 12); the Temporal UI shows the same.
 */
export const interceptors = (): WorkflowInterceptors => {
  let trace: Headers = {};
  const traced = <I extends { headers: Headers }>(input: I): I => ({
    ...input,
    headers: { ...input.headers, ...trace },
  });
  return {
    inbound: [
      {
        async execute(input, next) {
          const header = input.headers[TRACE_HEADER];
          if (header) trace = { [TRACE_HEADER]: header };
          return await next(input);
        },
      },
    ],
    outbound: [
      {
        scheduleActivity: (input, next) => next(traced(input)),
        scheduleLocalActivity: (input, next) => next(traced(input)),
        startChildWorkflowExecution: (input, next) => next(traced(input)),
        continueAsNew: (input, next) => next(traced(input)),
      },
    ],
  };
};
