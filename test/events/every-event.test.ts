import { descriptors, validateMessage } from '@crm/kit';
import { publish } from '@crm/nats';
import { definitionOf, eventTypes, subjectOf, workflowTypeOf } from '@crm/workflows/events';
import { randomUUID } from 'node:crypto';
import { sharedStack } from '../support/stack.ts';
import { bridgePassed, storedEvent } from '../support/stream.ts';
import { until } from '../support/until.ts';
import { outcomesOf, workflowIn } from '../support/workflows.ts';
import { eventStories, type Told } from './stories.ts';

const stack = sharedStack();
const stories = eventStories(stack);

afterAll(() => stack.close());

describe.each(eventTypes)('%s', (eventType) => {
  const { message, handlers } = definitionOf(eventType);
  const subject = subjectOf(eventType);
  let told: Told<typeof eventType>;

  beforeAll(async () => {
    told = await stories[eventType]();
  }, 180_000);

  test('is on the stream, in the protobuf of the contract', async () => {
    const { data } = await storedEvent(await stack.nats(), subject, told.eventId);
    validateMessage(descriptors.getMessage(message.$type)!, data);
    expect(message.decode(data)).toMatchObject({ eventId: told.eventId, ...told.message });
  });

  test('has a workflow of its own, in which every handler had its effect', async () => {
    const outcomes = await outcomesOf(await stack.temporal(), told.eventId);
    const done = { done: expect.any(String) as string };
    expect(outcomes).toEqual(Object.fromEntries(Object.keys(handlers).map((name) => [name, done])));
  }, 90_000);

  test('the services tell of each effect', async () => {
    expect(Object.keys(told.expected).sort()).toEqual(Object.keys(handlers).sort());
    expect(await told.effects()).toEqual(told.expected);
  }, 90_000);

  test('delivered again when even its workflow is forgotten: each effect once', async () => {
    const [nats, temporal] = [await stack.nats(), await stack.temporal()];
    const { data } = await storedEvent(nats, subject, told.eventId);
    const first = await temporal.workflow.getHandle(told.eventId).describe();
    await temporal.workflowService.deleteWorkflowExecution({
      namespace: stack.env.TEMPORAL_NAMESPACE!,
      workflowExecution: { workflowId: told.eventId, runId: first.runId },
    });
    await until('the workflow to be forgotten', () =>
      temporal.workflow
        .getHandle(told.eventId)
        .describe()
        .then(
          () => false,
          () => true,
        ),
    );
    const again = await publish(nats, subject, randomUUID(), data);
    await bridgePassed(nats, again.sequence);
    const second = await workflowIn(temporal, told.eventId, 'COMPLETED');
    expect(second.type).toBe(workflowTypeOf(eventType));
    expect(second.runId).not.toBe(first.runId);
    expect(await told.effects()).toEqual(told.expected);
  }, 120_000);
});
