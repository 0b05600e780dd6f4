import { errors } from 'jose';
import { jwks } from './jwks.ts';
import { KeysUnavailable } from './refusal.ts';
import { hangUp, json, startRealm, type Answer, type Realm } from './testing/realm.ts';
import { realmKey } from './testing/tokens.ts';

const MINUTE_MS = 60_000;
const one = realmKey('one');
const two = realmKey('two');
const body = { payload: '', signature: '' };

let realm: Realm;
let at: number;
let warnings: object[];
const now = () => at;
const log = { warn: (fields: object) => void warnings.push(fields) };

beforeEach(async () => {
  realm = await startRealm(json({ keys: [one.jwk] }));
  at = 1_772_442_000_000;
  warnings = [];
});
afterEach(() => realm.stop());

const source = (timeoutMs?: number) => {
  const keys = jwks(realm.url, { log, now, timeoutMs });
  return (kid: string) => keys({ alg: 'RS256', kid }, body);
};

test('keys are fetched once for many tokens, also when these come at the same time', async () => {
  const key = source();
  await Promise.all(Array.from({ length: 20 }, () => key('one')));
  await key('one');
  expect(realm.requests).toBe(1);
});

test('a rotation is picked up by the first token that names the new key', async () => {
  const key = source();
  await key('one');
  realm.answer = json({ keys: [one.jwk, two.jwk] });
  await expect(key('two')).resolves.toBeDefined();
  expect(realm.requests).toBe(2);
});

test('a withdrawn key is forgotten, also when nobody called for long', async () => {
  const key = source();
  await key('one');
  realm.answer = json({ keys: [two.jwk] });
  at += 60 * MINUTE_MS;
  await expect(key('one')).rejects.toThrow(errors.JWKSNoMatchingKey);
});

test('under traffic keys are renewed without holding anyone up', async () => {
  const key = source();
  await key('one');
  let release = () => {};
  const held = new Promise<void>((resolve) => (release = resolve));
  realm.answer = (request, response) => void held.then(() => json({ keys: [two.jwk] })(request, response));
  at += 6 * MINUTE_MS;
  await key('one');
  await key('one');
  release();
  await expect(key('two')).resolves.toBeDefined();
  expect(realm.requests).toBe(2);
});

const other = json({ keys: [two.jwk] }); // keys must not be taken from any of these

test.each<[string, Answer]>([
  ['hangs up', hangUp],
  ['never answers', () => undefined],
  ['answers 503', (request, response) => other(request, response.writeHead(503))],
  [
    'redirects',
    (request, response) =>
      request.url === '/other'
        ? other(request, response)
        : response.writeHead(302, { location: '/other' }).end(),
  ],
  ['answers no JSON', (_, response) => response.end('<html>')],
  ['answers something else', json({ error: 'down' })],
  ['answers an empty set', json({ keys: [] })],
  ['answers at great length', json({ keys: [two.jwk], more: 'x'.repeat(300_000) })],
])('valid tokens go on for days while the endpoint %s', async (_, outage) => {
  // long enough for the first answer on a busy machine; only an endpoint that never answers uses it up
  const key = source(700);
  await key('one');
  realm.answer = outage;
  for (let day = 0; day < 3; day += 1) {
    at += 24 * 60 * MINUTE_MS;
    await expect(key('one')).resolves.toBeDefined();
    while (warnings.length <= day) await new Promise(setImmediate); // the attempt beside the call
  }
  realm.answer = json({ keys: [two.jwk] });
  at += MINUTE_MS;
  await expect(key('two')).resolves.toBeDefined();
  expect(warnings[2]).toMatchObject({ url: realm.url, failures: 3, keptKeys: true });
});

test('without any keys a token is not refused, and the endpoint is asked with back-off', async () => {
  realm.answer = hangUp;
  const key = source();
  for (let call = 0; call < 50; call += 1) await expect(key('one')).rejects.toThrow(KeysUnavailable);
  expect(realm.requests).toBe(1);
  for (let second = 0; second < 60; second += 1) {
    at += 1_000;
    await expect(key('one')).rejects.toThrow(KeysUnavailable);
  }
  expect(realm.requests).toBeLessThanOrEqual(7); // after 1, 2, 4, 8, 16 and 30 s
  realm.answer = json({ keys: [one.jwk] });
  at += 30_000;
  await expect(key('one')).resolves.toBeDefined();
  await expect(key('two')).rejects.toThrow(errors.JWKSNoMatchingKey);
});

test('during an outage a key id never seen is not refused either: it may be a new one', async () => {
  const key = source();
  await key('one');
  realm.answer = hangUp;
  await expect(key('two')).rejects.toThrow(KeysUnavailable);
  realm.answer = json({ keys: [one.jwk, two.jwk] });
  at += 1_000;
  await expect(key('two')).resolves.toBeDefined();
});

test('a storm of invented key ids makes few requests and disturbs nobody', async () => {
  const key = source();
  await key('one');
  const storm = (seconds: number) =>
    Promise.allSettled(Array.from({ length: 100 }, (_, index) => key(`bad-${seconds}-${index}`)));
  for (let second = 0; second < 30; second += 1) {
    for (const { status } of await storm(second)) expect(status).toBe('rejected');
    await key('one');
    at += 1_000;
  }
  expect(realm.requests).toBe(1 + 3); // one in ten seconds

  realm.answer = hangUp;
  at += 10_000;
  for (let second = 0; second < 30; second += 1) {
    await storm(second);
    await key('one');
    at += 1_000;
  }
  expect(realm.requests).toBeLessThanOrEqual(4 + 6); // after 0, 1, 3, 7, 15 s: back-off
});
