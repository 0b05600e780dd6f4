import { descriptors, PORTS, type ServiceName } from '@crm/kit';
import { status } from '@grpc/grpc-js';
import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { rawCall as callWithHeaders } from '@crm/kit/testing/raw-call';
import { hs256 } from '@crm/kit/testing/tokens';
import { bearer, rawCall } from '../support/raw-call.ts';
import { sharedStack } from '../support/stack.ts';
import { until } from '../support/until.ts';

const LIST = '/clients.ClientBaseService/List';
const SUBSCRIBE = '/notifications.NotificationService/Subscribe';
const HS256 = { alg: 'HS256', typ: 'JWT' };
const stack = sharedStack();
const secret = stack.env.JWT_SECRET!;

afterAll(() => stack.close());

const seconds = () => Math.floor(Date.now() / 1000);
const signed = (changes: Record<string, unknown> = {}, header: object = HS256, key = secret) =>
  hs256(
    { iss: 'suivi', aud: 'crm', sub: 'alice', iat: seconds() - 5, exp: seconds() + 300, ...changes },
    { ...header },
    key,
  );

const publicPem = () =>
  generateKeyPairSync('rsa', { modulusLength: 2048 })
    .publicKey.export({ type: 'spki', format: 'pem' })
    .toString();

/** Requests that the two methods would accept. */
const METHODS: [string, ServiceName, string, Buffer][] = [
  ['a unary call', 'clients', LIST, Buffer.alloc(0)],
  ['a streaming call', 'notifications', SUBSCRIBE, Buffer.from('\x0a\x05alice')],
];

/** Each with the reason that the log names, and nobody is told. */
const UNACCEPTABLE: [string, string, () => string | undefined][] = [
  ['no token', 'header_missing', () => undefined],
  ['another scheme', 'header_malformed', () => `Basic ${signed()}`],
  ['a malformed token', 'malformed', () => 'Bearer not-a-token'],
  ['an expired token', 'expired', () => `Bearer ${signed({ iat: seconds() - 600, exp: seconds() - 1 })}`],
  ['a token not yet valid', 'not_yet_valid', () => `Bearer ${signed({ nbf: seconds() + 300 })}`],
  ['a wrong signature', 'wrong_signature', () => `Bearer ${signed({}, HS256, `${secret}x`)}`],
  ['a wrong issuer', 'wrong_issuer', () => `Bearer ${signed({ iss: 'someone' })}`],
  ['a wrong audience', 'wrong_audience', () => `Bearer ${signed({ aud: 'other' })}`],
  ['a token without exp', 'claim_missing', () => `Bearer ${signed({ exp: undefined })}`],
  ['a token without sub', 'claim_missing', () => `Bearer ${signed({ sub: undefined })}`],
  ['alg none', 'wrong_algorithm', () => `Bearer ${unsigned()}`],
  ['alg none with a signature', 'wrong_algorithm', () => `Bearer ${signed({}, { alg: 'none' })}`],
  ['HS256 with a public key', 'wrong_signature', () => `Bearer ${signed({}, HS256, publicPem())}`],
  ['a token of 9 KB', 'too_long', () => `Bearer ${signed({ more: 'x'.repeat(9_000) })}`],
  [
    'the workers’ issuer, but no service',
    'claim_invalid',
    () => `Bearer ${signed({ iss: 'suivi-workers' })}`,
  ],
];

const unsigned = () => `${signed({}, { alg: 'none' }).split('.').slice(0, 2).join('.')}.`;

describe.each(METHODS)('%s', (_, service, path, bytes) => {
  const call = (authorization: string | undefined, correlationId = randomUUID()) =>
    rawCall(stack.address(service), path, {
      bytes,
      withinMs: 2_000,
      headers: { 'correlation-id': correlationId, ...(authorization && { authorization }) },
    });

  test.each(UNACCEPTABLE)('with %s is refused, %s only in the log', async (_name, reason, authorization) => {
    const correlationId = randomUUID();
    const ended = await call(authorization(), correlationId);
    expect(ended).toMatchObject({
      code: status.UNAUTHENTICATED,
      details: 'authentication required: send one valid bearer token in the authorization header',
      messages: [],
    });
    const lines = await until('the line in the log', () => {
      const found = logged(correlationId);
      return found.some(({ msg }) => msg === 'refused') && found;
    });
    expect(lines).toContainEqual(expect.objectContaining({ msg: 'refused', method: path, reason }));
  });

  test('with two authorization headers is refused, whichever is right', async () => {
    const right = `Bearer ${signed()}`;
    for (const headers of [
      [right, right],
      [right, 'Bearer wrong'],
      ['Bearer wrong', right],
    ]) {
      const port = PORTS[service] + stack.portOffset;
      const two = headers.map((value) => ['authorization', value] as const);
      expect((await callWithHeaders(port, path, two)).code).toBe(status.UNAUTHENTICATED);
    }
  });

  test('with a good token is let in', async () => {
    const { code } = await call(`Bearer ${signed()}`);
    // a stream stays open until the deadline
    expect(status[code]).toBe(service === 'notifications' ? 'DEADLINE_EXCEEDED' : 'OK');
  });
});

/** The lines of the services' log with a correlation id. */
function logged(correlationId: string): Record<string, unknown>[] {
  const text = readFileSync(join(stack.env.DATA_DIR!, 'logs', 'services.log'), 'utf8');
  return text
    .split('\n')
    .filter((line) => line.includes(correlationId))
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

test('tokens are not in the logs', async () => {
  const token = signed({ sub: 'someone-of-this-test' });
  await rawCall(stack.address('clients'), LIST, { headers: bearer(token) });
  await rawCall(stack.address('clients'), LIST, { headers: bearer(`${token}x`) });
  const text = readFileSync(join(stack.env.DATA_DIR!, 'logs', 'services.log'), 'utf8');
  expect(text).not.toContain(token.split('.')[1]!);
  expect(text).not.toContain(secret);
});

describe('without a token', () => {
  /** Every method of every service of the contract that listens here. */
  const methods = [...descriptors].flatMap((found) => {
    if (found.kind !== 'service') return [];
    const name = found.file.proto.package as ServiceName;
    if (!(name in PORTS)) return [];
    return found.methods.map((method): [string, ServiceName] => [`/${found.typeName}/${method.name}`, name]);
  });

  test('the contract is known', () => {
    expect(methods.length).toBeGreaterThan(40);
    expect(methods.map(([path]) => path)).toEqual(expect.arrayContaining([LIST, SUBSCRIBE]));
  });

  test.each(methods)('%s is refused', async (path, service) => {
    const { code } = await rawCall(stack.address(service), path, { withinMs: 5_000 });
    expect(status[code]).toBe('UNAUTHENTICATED');
  });

  const services = [...new Set(methods.map(([, service]) => service))];

  test.each(services)('health and reflection of %s are open', async (service) => {
    const address = stack.address(service);
    const check = await rawCall(address, '/grpc.health.v1.Health/Check');
    expect(status[check.code]).toBe('OK');
    const listServices = Buffer.from('3a012a', 'hex');
    for (const version of ['v1', 'v1alpha']) {
      const path = `/grpc.reflection.${version}.ServerReflection/ServerReflectionInfo`;
      const reflected = await rawCall(address, path, { bytes: listServices });
      expect(status[reflected.code]).toBe('OK');
      expect(Buffer.concat(reflected.messages).toString('latin1')).toContain(`${service}.`);
    }
  });

  test.each([
    '/clients.ClientBaseService/list',
    '/clients.ClientBaseService',
    '/grpc.health.v1.Health/CheckX',
  ])('%s does not exist', async (path) => {
    const { code } = await rawCall(stack.address('clients'), path);
    expect(status[code]).toBe('UNIMPLEMENTED');
  });
});
