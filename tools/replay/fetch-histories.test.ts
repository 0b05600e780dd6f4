import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readHistoryFile } from './fetch-histories.ts';

const folder = mkdtempSync(join(tmpdir(), 'histories-'));
afterAll(() => rmSync(folder, { recursive: true }));

const began = {
  eventId: '1',
  eventType: 'EVENT_TYPE_WORKFLOW_EXECUTION_STARTED',
  workflowExecutionStartedEventAttributes: { workflowType: { name: 'firstFollowUp' } },
};
const scheduled = {
  eventId: '2',
  eventType: 'EVENT_TYPE_WORKFLOW_TASK_SCHEDULED',
  workflowTaskScheduledEventAttributes: {},
};
const read = (content: unknown) => {
  const path = join(folder, 'history.json');
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return () => readHistoryFile(path);
};

test('a history', () => {
  const history = { events: [began, scheduled] };
  expect(read(history)()).toMatchObject({ history });
});

test.each([
  ['', 'is no JSON: Unexpected end'],
  ['{"events": [', 'is no JSON: '],
  ['null', 'its first event starts no workflow'],
  [[], 'its first event starts no workflow'],
  [{ events: [null] }, 'its first event starts no workflow'],
  [{ events: {} }, 'its first event starts no workflow'],
  [
    { events: [{ ...began, workflowExecutionStartedEventAttributes: {} }] },
    'its first event names no workflow type',
  ],
  [{ events: [began, {}] }, 'event 2 is of a type that is not known here, no type'],
  [
    { events: [began, { eventType: 'EVENT_TYPE_TO_COME' }] },
    'event 2 is of a type that is not known here, EVENT_TYPE_TO_COME',
  ],
  [{ events: [{ ...began, eventTime: 'yesterday' }] }, 'history.json is no workflow history: '],
])('%j is refused with the file and what is wrong', (content, message) => {
  expect(read(content)).toThrow(message);
  expect(read(content)).toThrow('history.json');
});

test('a folder is no file', () => {
  expect(() => readHistoryFile(folder)).toThrow(`There is no file ${folder}.`);
});
