import { proxySinks, workflowInfo, type Sinks, type WorkflowInterceptors } from '@temporalio/workflow';
import type { Recorded, RecorderSink } from './recorded.ts';

/**
 * Bundled with workflow code for replays only, never in workers: reports each command with its content. The
 * server's own check compares kinds and names, but not a timer's duration or an activity's input.
 */
const { recorder } = proxySinks<RecorderSink & Sinks>();

type Payload = { data?: Uint8Array | null };
const text = (payload?: Payload | null): string =>
  new TextDecoder().decode(payload?.data ?? new Uint8Array());
const texts = (payloads?: Payload[] | null): string[] => (payloads ?? []).map(text);

type Command = Parameters<
  NonNullable<NonNullable<WorkflowInterceptors['internals']>[number]['concludeActivation']>
>[0]['commands'][number];

function* recorded(command: Command): Generator<Recorded> {
  const { startTimer, scheduleActivity, scheduleLocalActivity, startChildWorkflowExecution } = command;
  if (startTimer) {
    const { seconds, nanos } = startTimer.startToFireTimeout ?? {};
    yield { kind: 'timer', seq: startTimer.seq!, ms: Number(seconds ?? 0) * 1_000 + (nanos ?? 0) / 1e6 };
  }
  if (scheduleActivity) {
    const { seq, activityType, arguments: input } = scheduleActivity;
    yield { kind: 'activity', seq: seq!, type: activityType!, input: texts(input) };
  }
  if (scheduleLocalActivity) {
    const { seq, activityType, arguments: input } = scheduleLocalActivity;
    yield { kind: 'localActivity', seq: seq!, type: activityType!, input: texts(input) };
  }
  if (startChildWorkflowExecution) {
    const { workflowType, input } = startChildWorkflowExecution;
    yield { kind: 'child', type: workflowType!, input: texts(input) };
  }
  if (command.continueAsNewWorkflowExecution) {
    yield { kind: 'continued', input: texts(command.continueAsNewWorkflowExecution.arguments) };
  }
  if (command.upsertWorkflowSearchAttributes) {
    const { indexedFields } = command.upsertWorkflowSearchAttributes.searchAttributes ?? {};
    const values = Object.entries(indexedFields ?? {}).map(([name, value]) => [name, text(value)]);
    yield { kind: 'attributes', values: Object.fromEntries(values) as Record<string, string> };
  }
  if (command.completeWorkflowExecution) {
    yield { kind: 'result', value: text(command.completeWorkflowExecution.result) };
  }
}

export const interceptors = (): WorkflowInterceptors => ({
  inbound: [
    {
      handleSignal(input, next) {
        recorder.heard(input.signalName);
        return next(input);
      },
    },
  ],
  internals: [
    {
      activate(input, next) {
        recorder.begins(workflowInfo().historyLength);
        next(input);
      },
      concludeActivation(input, next) {
        const output = next(input);
        recorder.gave(output.commands.flatMap((command) => [...recorded(command)]));
        const counters = (globalThis as { __coverage__?: object }).__coverage__;
        if (counters) recorder.covered(counters);
        return output;
      },
    },
  ],
});
