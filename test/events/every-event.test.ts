import { descriptors, readMessage } from '@crm/kit';
import { publish } from '@crm/nats';
import { definitionOf, eventTypes, subjectOf, workflowTypeOf, type EventType } from '@crm/workflows/events';
import { randomUUID } from 'node:crypto';
import { sharedStack } from '../support/stack.ts';
import { bridgePassed, storedEvent } from '../support/stream.ts';
import { until } from '../support/until.ts';
import { outcomesOf, workflowIn } from '../support/workflows.ts';
import { eventStories, type Told } from './stories.ts';

const stack = sharedStack();
const stories = eventStories(stack);

const told = {} as Record<EventType, Told<EventType>>;

afterAll(() => stack.close());

describe.each(eventTypes)('%s', (eventType) => {
  const { message, handlers } = definitionOf(eventType);
  const subject = subjectOf(eventType);

  beforeAll(async () => {
    told[eventType] = await stories[eventType]();
  }, 180_000);

  test('is on the stream, in the protobuf of the contract', async () => {
    const { data } = await storedEvent(await stack.nats(), subject, told[eventType].eventId);
    expect(readMessage(descriptors.getMessage(message.$type)!, data).value).toMatchObject({
      eventId: told[eventType].eventId,
      ...told[eventType].message,
    });
  });

  test('has a workflow of its own, in which every handler had its effect', async () => {
    const outcomes = await outcomesOf(await stack.temporal(), told[eventType].eventId);
    const done = { done: expect.any(String) as string };
    expect(outcomes).toEqual(Object.fromEntries(Object.keys(handlers).map((name) => [name, done])));
  }, 90_000);

  test('the services tell of each effect', async () => {
    expect(Object.keys(told[eventType].expected).sort()).toEqual(Object.keys(handlers).sort());
    expect(await told[eventType].effects()).toEqual(told[eventType].expected);
  }, 90_000);
});

describe('delivered again when even its workflow is forgotten', () => {
  const firstRuns = {} as Record<EventType, string>;

  // all at once: the server takes half a minute to forget a workflow
  beforeAll(async () => {
    const { workflow, workflowService } = await stack.temporal();
    for (const eventType of eventTypes) {
      const workflowId = told[eventType].eventId;
      const { runId } = await workflow.getHandle(workflowId).describe();
      firstRuns[eventType] = runId;
      const workflowExecution = { workflowId, runId };
      await workflowService.deleteWorkflowExecution({
        namespace: stack.env.TEMPORAL_NAMESPACE!,
        workflowExecution,
      });
    }
  });

  test.each(eventTypes)(
    '%s: each effect once',
    async (eventType) => {
      const [nats, temporal] = [await stack.nats(), await stack.temporal()];
      const { eventId, effects, expected } = told[eventType];
      const forgotten = () =>
        temporal.workflow
          .getHandle(eventId)
          .describe()
          .then(
            () => false,
            () => true,
          );
      await until('the workflow to be forgotten', forgotten, 100_000);
      const { data } = await storedEvent(nats, subjectOf(eventType), eventId);
      const again = await publish(nats, subjectOf(eventType), randomUUID(), data);
      await bridgePassed(nats, again.sequence);
      const second = await workflowIn(temporal, eventId, 'COMPLETED');
      expect(second.type).toBe(workflowTypeOf(eventType));
      expect(second.runId).not.toBe(firstRuns[eventType]);
      expect(await effects()).toEqual(expected);
    },
    120_000,
  );
});
