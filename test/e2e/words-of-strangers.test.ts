import { eventIdOf, PORTS } from '@crm/kit';
import { ClientBaseServiceService, Client, CreateClientRequest } from '@crm/proto/clients/clients';
import { connect, type IncomingHttpHeaders } from 'node:http2';
import { once } from 'node:events';
import { bearer, rawCall } from '../support/raw-call.ts';
import { reservePortOffset } from '../support/reserve-port-offset.ts';
import { startServicesAlone, type ServicesAlone } from '../support/services-alone.ts';
import { sharedStack } from '../support/stack.ts';
import { storedEvent } from '../support/stream.ts';
import { unique, uniqueAddress } from '../support/unique.ts';
import { until } from '../support/until.ts';

const SECRET = 'iban-FR7630006000011234567890189';
const stack = sharedStack();
let alone: ServicesAlone;
let reserved: Awaited<ReturnType<typeof reservePortOffset>>;

beforeAll(async () => {
  reserved = await reservePortOffset(Object.values(PORTS));
  alone = await startServicesAlone(stack, ['clients'], reserved.offset);
});
afterAll(async () => {
  await alone.kill();
  await reserved.release();
  await stack.close();
});

const { path } = ClientBaseServiceService.create;
const create = (organisationId: string) =>
  CreateClientRequest.encode(
    CreateClientRequest.fromPartial({ organisationId, nom: 'N', email: uniqueAddress() }),
  ).finish();

test('of a stranger’s headers only ids are passed on: to logs, the outbox, NATS', async () => {
  const traceId = '0af7651916cd43dd8448eb211c80319c';
  const headers = {
    ...bearer(await stack.token()),
    traceparent: `00-${traceId}-b7ad6b7169203331-01`,
    tracestate: `vendor=${SECRET}`,
    baggage: `client=${SECRET}`,
    'event-id': `${SECRET} of a client`,
    'correlation-id': `${SECRET} of a client`,
  };
  const ended = await rawCall(alone.address('clients'), path, { bytes: create(unique('org')), headers });
  expect(ended).toMatchObject({ code: 0 });
  const { id } = Client.decode(ended.messages[0]!);
  const eventId = eventIdOf('client.created', [id]);
  const [row] = await stack.sql<{ headers: object }>(
    'SELECT headers FROM events.outbox WHERE event_id = $1',
    eventId,
  );
  expect(row!.headers).toEqual({ traceparent: expect.stringContaining(traceId) as string });
  const event = await storedEvent(await stack.nats(), 'crm.events.client.created', eventId);
  expect([event.header('tracestate'), event.header('baggage')].join('')).toBe('');
  expect(event.data.toString()).not.toContain(SECRET);
  await until('the line of the call', () => alone.lines().some(({ trace_id: of }) => of === traceId));
  expect(JSON.stringify(alone.lines())).not.toContain(SECRET);
});

test('a header that grpc-js cannot read is logged without its value', async () => {
  const session = connect(`http://${alone.address('clients')}`);
  const call = session.request({
    ':method': 'POST',
    ':path': path,
    'content-type': 'application/grpc',
    te: 'trailers',
    'x-note': `${SECRET} é`,
  });
  call.end(Buffer.from([0, 0, 0, 0, 0]));
  const [headers] = (await once(call, 'response')) as [IncomingHttpHeaders];
  session.close();
  expect(headers).toMatchObject({ 'grpc-status': '16' });
  const said = () => alone.lines().filter(({ msg }) => msg === 'grpc-js');
  await until('grpc-js to say so', () => said().length > 0);
  expect(said()).toMatchObject([{ said: 'Failed to add metadata entry x-note' }]);
  expect(JSON.stringify(alone.lines())).not.toContain(SECRET);
});
