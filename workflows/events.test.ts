import { definitionOf, eventTypeOf, eventTypes, subjectOf, workflowTypeOf } from './events.ts';
import * as workflows from './index.ts';

test('every event of the table has its workflow', () => {
  const missing = eventTypes.map(workflowTypeOf).filter((name) => !(name in workflows));
  expect(missing).toEqual([]);
});

test('an activity belongs to one handler of one event', () => {
  const activities = eventTypes.flatMap((eventType) =>
    Object.values(definitionOf(eventType).handlers).map(({ activity }) => activity),
  );
  expect(new Set(activities).size).toBe(activities.length);
});

test('subjects and workflow types follow from the name', () => {
  expect(subjectOf('client.created')).toBe('crm.events.client.created');
  expect(workflowTypeOf('client.created')).toBe('clientCreated');
  expect(eventTypeOf('crm.events.client.created')).toBe('client.created');
  expect(eventTypeOf('crm.events.client.deleted')).toBeUndefined();
});
