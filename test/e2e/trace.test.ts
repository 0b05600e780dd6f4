import { eventIdOf } from '@crm/kit';
import { ClientBaseServiceService } from '@crm/proto/clients/clients';
import { sharedStack } from '../support/stack.ts';
import { storedEvent } from '../support/stream.ts';
import type { Span } from '../support/trace-collector.ts';
import { unique, uniqueAddress } from '../support/unique.ts';
import { until } from '../support/until.ts';

const SERVER = 2;
const CONSUMER = 5;
const stack = sharedStack();
const clients = stack.client('clients', ClientBaseServiceService);

afterAll(() => stack.close());

test('one trace leads from the call to the mail', async () => {
  const { id } = await clients.create({
    organisationId: unique('org'),
    email: uniqueAddress(),
    nom: 'Tracée',
  });
  const eventId = eventIdOf('client.created', [id]);
  const message = await storedEvent(await stack.nats(), 'crm.events.client.created', eventId);
  const traceId = message.header('traceparent')!.split('-')[1]!;
  const path = await until('the trace of the mail', async () => {
    const spans = (await (await fetch(`${stack.env.TRACES_URL}/?trace=${traceId}`)).json()) as Span[];
    const mail = spans.find(
      ({ name, kind }) => kind === SERVER && name === 'email.EmailService/SendEmailWithTemplate',
    );
    const found = mail && ancestry(spans, mail);
    // the call's own span is the first; spans arrive in any order
    return found?.[0]?.name === 'clients.ClientBaseService/Create' && found;
  });
  const hops = path.map(({ name, service }) => `${service}: ${name}`);
  expect(path[0]).toMatchObject({ kind: SERVER, service: 'services' });
  expect(path).toContainEqual(
    expect.objectContaining({
      name: 'crm.events.client.created process',
      kind: CONSUMER,
      service: 'workers',
    }),
  );
  expect(hops).toEqual([
    'services: clients.ClientBaseService/Create',
    'workers: crm.events.client.created process',
    'workers: StartWorkflow:clientCreated',
    'workers: RunActivity:sendWelcomeEmail',
    'workers: email.EmailService/SendEmailWithTemplate',
    'services: email.EmailService/SendEmailWithTemplate',
  ]);
}, 90_000);

/** A span and those it descends from, the first of all first. */
function ancestry(spans: Span[], span: Span): Span[] {
  const parent = spans.find(({ spanId }) => spanId === span.parentSpanId);
  return parent ? [...ancestry(spans, parent), span] : [span];
}
