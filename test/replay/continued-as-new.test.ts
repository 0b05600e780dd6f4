import { jest } from '@jest/globals';
import { quietRuntime } from '@crm/tools/quiet-runtime';
import { replayBundle } from '@crm/tools/replay/replay-bundle';
import { replayHistories, type Named } from '@crm/tools/replay/replay-histories';
import { readHistory, type Case } from './history-files.ts';

jest.setTimeout(120_000);
quietRuntime();

const payloads = (value: unknown) => {
  const base64 = (text: string) => Buffer.from(text).toString('base64');
  return {
    payloads: [{ metadata: { encoding: base64('json/plain') }, data: base64(JSON.stringify(value)) }],
  };
};

/** A recorded run that has grown too long at its last task, and goes on in a new one that is given this beside its ids. */
function continued(name: Case, more: object): Named {
  const { events } = readHistory(name);
  const began = events[0]!.workflowExecutionStartedEventAttributes as {
    input: { payloads: { data: string }[] };
    workflowType: object;
    taskQueue: object;
  };
  const input = JSON.parse(Buffer.from(began.input.payloads[0]!.data, 'base64').toString()) as object;
  const append = (eventType: string, attributes: string, has: object) =>
    events.push({ eventId: String(events.length + 1), eventType, [attributes]: has });
  const task = events.findLast(({ eventType }) => eventType === 'EVENT_TYPE_WORKFLOW_TASK_STARTED')!;
  Object.assign(task.workflowTaskStartedEventAttributes!, { suggestContinueAsNew: true });
  const isOpen = events.at(-1) === task;
  if (isOpen)
    append('EVENT_TYPE_WORKFLOW_TASK_COMPLETED', 'workflowTaskCompletedEventAttributes', {
      scheduledEventId: String(events.length - 1),
      startedEventId: String(events.length),
    });
  const completed = events.findLast(({ eventType }) => eventType === 'EVENT_TYPE_WORKFLOW_TASK_COMPLETED')!;
  append('EVENT_TYPE_WORKFLOW_EXECUTION_CONTINUED_AS_NEW', 'workflowExecutionContinuedAsNewEventAttributes', {
    newExecutionRunId: '00000000-0000-4000-8000-000000000000',
    workflowType: began.workflowType,
    taskQueue: began.taskQueue,
    input: payloads({ ...input, ...more }),
    workflowTaskCompletedEventId: completed.eventId as string,
  });
  return { name, history: { events } };
}

test.each([
  ['invoiceReminder/paused', { said: 'mise en pause, par alice: litige' }],
  ['paymentRetry/replanned', { told: {}, said: 'replanification, par alice: salaire le lendemain' }],
] as [Case, object][])('%s: the next run knows the last command', async (name, more) => {
  for await (const { broken } of replayHistories(await replayBundle(), [continued(name, more)]))
    expect(broken).toBeUndefined();
});
