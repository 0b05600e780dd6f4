import { connectTo, PORTS } from '@crm/kit';
import { hs256 } from '@crm/kit/testing/tokens';
import { ClientBaseServiceService } from '@crm/proto/clients/clients';
import { status } from '@grpc/grpc-js';
import { randomUUID } from 'node:crypto';
import { bearer, rawCall } from '../support/raw-call.ts';
import { reservePortOffset } from '../support/reserve-port-offset.ts';
import { startServicesAlone, type ServicesAlone } from '../support/services-alone.ts';
import { sharedStack } from '../support/stack.ts';
import { unique } from '../support/unique.ts';
import { until } from '../support/until.ts';

const LIST = '/clients.ClientBaseService/List';
const SUBSCRIBE = '/notifications.NotificationService/Subscribe';
const stack = sharedStack();
/** Services that only report, beside those of the platform, which refuse. */
let services: ServicesAlone;
let release: () => Promise<void>;

beforeAll(async () => {
  const reserved = await reservePortOffset(Object.values(PORTS));
  release = reserved.release;
  const env = { AUTH_ENABLED: 'false' };
  services = await startServicesAlone(stack, ['clients', 'notifications'], reserved.offset, env);
}, 120_000);
afterAll(async () => {
  await services?.kill();
  await release?.();
  await stack.close();
});

const lines = () => services.lines();
const metrics = async () => await (await fetch(services.metricsUrl)).text();

/** How many would-be refusals were counted for a reason. */
const counted = async (reason: string) =>
  Number(
    new RegExp(
      `^auth_refusals_total\\{[^}]*reason="${reason}"[^}]*report_only="true"[^}]*\\} (\\d+)`,
      'm',
    ).exec(await metrics())?.[1] ?? 0,
  );

const seconds = () => Math.floor(Date.now() / 1000);
const expired = () =>
  hs256(
    { iss: 'suivi', aud: 'crm', sub: 'alice', iat: seconds() - 600, exp: seconds() - 300 },
    { alg: 'HS256', typ: 'JWT' },
    stack.env.JWT_SECRET,
  );

test.each([
  ['without a token', 'header_missing', () => ({})],
  ['with an expired token', 'expired', () => bearer(expired())],
  ['with no token at all in the header', 'header_malformed', () => ({ authorization: 'Basic abc' })],
])(
  'a call %s is let through, reported and counted',
  async (_, reason, headers: () => Record<string, string>) => {
    const correlationId = randomUUID();
    const before = await counted(reason);
    const { code } = await rawCall(services.address('clients'), LIST, {
      headers: { ...headers(), 'correlation-id': correlationId },
    });
    expect(status[code]).toBe('OK');
    const line = await until('the line in the log', () =>
      lines().find((found) => found.correlation_id === correlationId && found.msg === 'would be refused'),
    );
    expect(line).toMatchObject({ method: LIST, reason, reportOnly: true });
    expect(await counted(reason)).toBe(before + 1);
  },
);

test('a stream is let through, too', async () => {
  const { code } = await rawCall(services.address('notifications'), SUBSCRIBE, {
    bytes: Buffer.from('\x0a\x05alice'),
    withinMs: 1_500,
  });
  expect(status[code]).toBe('DEADLINE_EXCEEDED'); // it stayed open
});

/** The caller as the service saw it: the owner of the call's idempotency key. */
async function callerOf(token: string | undefined): Promise<string> {
  const clients = connectTo(ClientBaseServiceService, services.address('clients'), () =>
    Promise.resolve(token),
  );
  const key = randomUUID();
  await clients.create(
    { nom: 'Durand', organisationId: unique('org') },
    { metadata: { 'idempotency-key': key } },
  );
  clients.close();
  const [row] = await stack.sql<{ caller: string }>(
    'SELECT caller FROM events.idempotency_keys WHERE key = $1',
    key,
  );
  return row!.caller.trim();
}

test('the caller is anonymous, and a valid token still gives its identity', async () => {
  expect(await callerOf(undefined)).toBe('anonymous');
  expect(await callerOf(expired())).toBe('anonymous');
  expect(await callerOf(await stack.token('bob'))).toBe('suivi bob');
});

test('a valid token is neither reported nor counted', async () => {
  const correlationId = randomUUID();
  const before = await metrics();
  const headers = { ...bearer(await stack.token('bob')), 'correlation-id': correlationId };
  await rawCall(services.address('clients'), LIST, { headers });
  await until('the call in the log', () => lines().some((line) => line.correlation_id === correlationId));
  const its = lines().filter((line) => line.correlation_id === correlationId);
  expect(its.map(({ msg }) => msg)).toEqual(['call']);
  expect(refusalsIn(await metrics())).toEqual(refusalsIn(before));
});

const refusalsIn = (text: string) =>
  text.split('\n').filter((line) => line.startsWith('auth_refusals_total'));

test('what the mode means is said when it starts', () => {
  expect(lines()).toContainEqual(
    expect.objectContaining({ level: 40, msg: expect.stringMatching(/^AUTH_ENABLED=false: /) as string }),
  );
});
