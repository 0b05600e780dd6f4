import { ServerInterceptingCall, status, type Server, type ServerInterceptor } from '@grpc/grpc-js';
import { authInterceptor, type AuthInterceptorOptions, type Refusal } from './auth-interceptor.ts';
import { publicMethods } from './public-methods.ts';
import { bearer, METHODS, startEcho, type Echo, type Kind } from './testing/echo.ts';
import { rawCall, type Header } from './testing/raw-call.ts';
import { hangUp, json, startRealm, type Realm } from './testing/realm.ts';
import {
  claims,
  compact,
  hs256,
  NOW_S,
  now,
  realmKey,
  respelled,
  rs256,
  testConfig,
} from './testing/tokens.ts';
import { tokenVerifier, type Identity } from './verify-token.ts';

const KINDS: Kind[] = ['unary', 'stream', 'chat'];
const ALICE: Identity = { sub: 'alice', issuer: 'suivi', service: false, expiresAt: (NOW_S + 240) * 1000 };
const UNTOLD = /expired|signature|issuer|audience|algorithm|missing|repeated|claim|key|alice/i;

let refusals: Refusal[];
let open: { stop: () => unknown }[];

beforeEach(() => {
  refusals = [];
  open = [];
});
afterEach(async () => {
  jest.restoreAllMocks();
  for (const { stop } of open) await stop();
});

function auth(options: Partial<AuthInterceptorOptions> = {}): ServerInterceptor {
  return authInterceptor({
    verify: tokenVerifier(testConfig(), { now }),
    enabled: true,
    publicMethods: publicMethods({ reflection: false }),
    onRefusal: (refusal) => refusals.push(refusal),
    ...options,
  });
}

async function echo(interceptors: ServerInterceptor[], prepare?: (server: Server) => Server): Promise<Echo> {
  const started = await startEcho(interceptors, prepare);
  open.push(started);
  return started;
}

async function realmWith(keys: object[]): Promise<Realm> {
  const realm = await startRealm(json({ keys }));
  open.push(realm);
  return realm;
}

const answers: Record<string, string[]> = {
  unary: ['one'],
  stream: ['one', 'one'],
  chat: ['alice one', 'alice two', 'alice three'],
};

const key = realmKey('one');
const rsHeader = { alg: 'RS256', kid: 'one', typ: 'JWT' };
const withToken = (token: string): Header[] => [['authorization', `Bearer ${token}`]];
const raw = JSON.stringify(claims());

/** Name, headers as sent, reported reason. */
const REFUSED: [string, Header[], string][] = [
  ['no token', [], 'header_missing'],
  ['an empty header', [['authorization', '']], 'header_malformed'],
  ['another scheme', [['authorization', 'Basic YTpi']], 'header_malformed'],
  ['no scheme', [['authorization', hs256()]], 'header_malformed'],
  ['the scheme alone', [['authorization', 'Bearer']], 'header_malformed'],
  ['two spaces', [['authorization', `Bearer  ${hs256()}`]], 'header_malformed'],
  ['a tab for a space', [['authorization', `Bearer\t${hs256()}`]], 'header_malformed'],
  ['two tokens in a header', [['authorization', `Bearer ${hs256()}, Bearer ${hs256()}`]], 'header_malformed'],
  ['two authorization headers', [...withToken(hs256()), ...withToken(hs256())], 'header_repeated'],
  ['two, the second one bad', [...withToken(hs256()), ['authorization', 'x']], 'header_repeated'],
  ['two, apart', [...withToken(hs256()), ['x-other', '1'], ...withToken(hs256())], 'header_repeated'],
  ['a token in another header', [['x-authorization', `Bearer ${hs256()}`]], 'header_missing'],
  ['malformed', withToken('not.a-token'), 'malformed'],
  ['expired', withToken(hs256(claims({ exp: NOW_S - 10 }))), 'expired'],
  ['not yet valid', withToken(hs256(claims({ nbf: NOW_S + 60 }))), 'not_yet_valid'],
  ['wrong signature', withToken(hs256(claims(), { alg: 'HS256' }, 'another secret')), 'wrong_signature'],
  ['wrong issuer', withToken(hs256(claims({ iss: 'elsewhere' }))), 'wrong_issuer'],
  ['wrong audience', withToken(hs256(claims({ aud: 'elsewhere' }))), 'wrong_audience'],
  ['no exp', withToken(hs256(claims({ exp: undefined }))), 'claim_missing'],
  ['no sub', withToken(hs256(claims({ sub: undefined }))), 'claim_missing'],
  ['empty sub', withToken(hs256(claims({ sub: '' }))), 'claim_invalid'],
  ['numeric sub', withToken(hs256(claims({ sub: 1 }))), 'claim_invalid'],
  ['alg none', withToken(compact({ alg: 'none' }, claims(), () => Buffer.alloc(0))), 'wrong_algorithm'],
  ['alg none with a signature', withToken(hs256(claims(), { alg: 'none' })), 'wrong_algorithm'],
  ['RS256 where HS256 is expected', withToken(rs256(key.privateKey, claims(), rsHeader)), 'wrong_algorithm'],
  ['9 KB', withToken(hs256(claims({ note: 'x'.repeat(6800) }))), 'too_long'],
  ['non-canonical base64url', withToken(respelled(hs256())), 'malformed'],
  ['a duplicate claim', withToken(hs256(`${raw.slice(0, -1)},"sub":"bob"}`)), 'claim_repeated'],
  ['exp 1e999', withToken(hs256(raw.replace(/"exp":\d+/, '"exp":1e999'))), 'claim_invalid'],
  ['issued in the future', withToken(hs256(claims({ iat: NOW_S + 60 }))), 'not_yet_valid'],
  [
    'a critical header',
    withToken(hs256(claims(), { alg: 'HS256', crit: ['exp'], exp: 1 })),
    'critical_header',
  ],
];

describe.each(KINDS)('%s calls', (kind) => {
  const { path } = METHODS[kind];

  test.each(['Bearer ', 'bearer ', 'BEARER '])(
    '"%s" and a token: the handler runs as its subject',
    async (scheme) => {
      const { call, handled } = await echo([auth()]);
      const token = hs256();
      const outcome = await call(kind, bearer(token, scheme), ['one', 'two', 'three']);
      expect(outcome).toMatchObject({ code: status.OK, messages: answers[kind] });
      expect(handled).toEqual([{ kind, caller: { identity: ALICE, token }, authorization: [] }]);
      expect(refusals).toEqual([]);
    },
  );

  test('whatever is wrong, the answer is the same and the reason is only reported', async () => {
    const { port, handled } = await echo([auth()]);
    const told = new Set<string | undefined>();
    const printed = jest.spyOn(console, 'error').mockReturnValue();
    for (const [name, headers, reason] of REFUSED) {
      refusals = [];
      const { code, details } = await rawCall(port, path, headers);
      expect([name, code]).toEqual([name, status.UNAUTHENTICATED]);
      expect([name, refusals]).toEqual([
        name,
        [expect.objectContaining({ method: path, reason, reportOnly: false })],
      ]);
      expect(JSON.stringify(refusals)).not.toMatch(/eyJ|alice/);
      told.add(details);
    }
    expect([...told]).toEqual([expect.not.stringMatching(UNTOLD)]);
    expect(printed.mock.calls).toEqual([]); // grpc-js prints header values that it refuses
    expect(handled).toEqual([]);
  });

  test('a newline after the token does not even make a request', async () => {
    const { port, handled } = await echo([auth()]);
    const outcome = await rawCall(port, path, withToken(`${hs256()}\n`));
    expect(outcome.code).not.toBe(status.OK);
    expect(handled).toEqual([]);
  });

  test('a realm: its tokens are accepted; ID tokens and HS256 with its public key are refused', async () => {
    const realm = await realmWith([key.jwk]);
    const config = testConfig({ KEYCLOAK_REALM_URL: realm.url });
    const { call, handled } = await echo([auth({ verify: tokenVerifier(config, { now }) })]);
    const realmClaims = claims({ iss: realm.url, typ: 'Bearer' });
    const refused = [
      rs256(key.privateKey, { ...realmClaims, typ: 'ID' }, rsHeader),
      hs256(realmClaims, { alg: 'HS256', kid: 'one' }, key.publicPem),
      hs256(realmClaims),
      rs256(key.privateKey, realmClaims, { ...rsHeader, kid: 'two' }),
    ];
    for (const token of refused) {
      expect(await call(kind, bearer(token))).toMatchObject({ code: status.UNAUTHENTICATED });
    }
    expect(refusals.map(({ reason }) => reason)).toEqual([
      'wrong_type',
      'wrong_algorithm',
      'wrong_algorithm',
      'unknown_key',
    ]);
    expect(handled).toEqual([]);
    expect(await call(kind, bearer(rs256(key.privateKey, realmClaims, rsHeader)))).toMatchObject({
      code: status.OK,
    });
  });

  test('no keys to verify with: UNAVAILABLE, worth a retry', async () => {
    const realm = await realmWith([]);
    realm.answer = hangUp;
    const config = testConfig({ KEYCLOAK_REALM_URL: realm.url });
    const { call, handled } = await echo([auth({ verify: tokenVerifier(config, { now }) })]);
    const token = rs256(key.privateKey, claims({ iss: realm.url }), rsHeader);
    const outcome = await call(kind, bearer(token));
    expect(outcome.code).toBe(status.UNAVAILABLE);
    expect(refusals).toEqual([{ method: path, reason: 'keys_unavailable', reportOnly: false }]);
    expect(handled).toEqual([]);
  });

  test('report-only: the call goes on as anonymous, without the bad token; a good one still tells who calls', async () => {
    const { call, handled } = await echo([auth({ enabled: false })]);
    expect(await call(kind)).toMatchObject({ code: status.OK });
    expect(await call(kind, bearer(hs256(claims({ exp: NOW_S - 10 }))))).toMatchObject({ code: status.OK });
    expect(await call(kind, bearer(hs256()))).toMatchObject({ code: status.OK });
    expect(handled.map(({ caller }) => caller?.identity.sub)).toEqual(['anonymous', 'anonymous', 'alice']);
    expect(handled[1]).toMatchObject({ caller: { token: undefined }, authorization: [] });
    expect(refusals).toEqual([
      { method: path, reason: 'header_missing', reportOnly: true },
      { method: path, reason: 'expired', claim: 'exp', reportOnly: true },
    ]);
  });

  test('an error nobody thought of refuses', async () => {
    const verify = () => Promise.reject(new TypeError('a bug'));
    const { call, handled } = await echo([auth({ verify })]);
    expect(await call(kind, bearer(hs256()))).toMatchObject({ code: status.UNAUTHENTICATED });
    expect(refusals).toMatchObject([{ reason: 'unexpected' }]);
    expect(handled).toEqual([]);
  });

  test('a server whose headers are not captured refuses everything', async () => {
    const { call } = await echo([auth()], (server) => server);
    expect(await call(kind, bearer(hs256()))).toMatchObject({ code: status.UNAUTHENTICATED });
    expect(refusals).toMatchObject([{ reason: 'headers_unseen' }]);
  });

  test('messages that come while the token is being verified are handled afterwards, in order', async () => {
    const held = hold(ALICE);
    const { call, handled } = await echo([readAhead(held.release), auth({ verify: held.verify })]);
    const outcome = await call(kind, bearer(hs256()), ['one', 'two', 'three']);
    expect(outcome).toMatchObject({ code: status.OK, messages: answers[kind] });
    expect(handled).toMatchObject([{ caller: { identity: ALICE } }]);
  });

  test('a call cancelled while its token is being verified never reaches its handler', async () => {
    const held = hold(ALICE);
    let seen = () => {};
    const cancelled = new Promise<void>((resolve) => (seen = resolve));
    const { client, call, handled } = await echo([
      whenCancelled(() => seen()),
      auth({ verify: held.verify }),
    ]);
    const asIs = (bytes: Buffer) => bytes;
    const doomed = client.makeBidiStreamRequest(path, asIs, asIs, bearer(hs256()));
    doomed.on('error', () => undefined);
    doomed.end(Buffer.from('one'));
    await held.asked;
    doomed.cancel();
    await cancelled;
    held.release();
    expect(await call(kind, bearer(hs256()), ['later'])).toMatchObject({ code: status.OK });
    expect(handled).toHaveLength(1);
    expect(refusals).toEqual([]);
  });
});

describe('methods without a token', () => {
  test('health answers anybody, and has no caller', async () => {
    const { call, handled } = await echo([auth()]);
    expect(await call('check')).toMatchObject({ code: status.OK, messages: ['hello'] });
    expect(await call('check', bearer('rubbish'))).toMatchObject({ code: status.OK });
    expect(handled.map(({ caller }) => caller)).toEqual([undefined, undefined]);
    expect(refusals).toEqual([]);
  });

  test('names match exactly', () => {
    const health = ['/grpc.health.v1.Health/Check', '/grpc.health.v1.Health/Watch'];
    const info = 'ServerReflection/ServerReflectionInfo';
    const reflection = [`/grpc.reflection.v1.${info}`, `/grpc.reflection.v1alpha.${info}`];
    expect([...publicMethods({ reflection: false })]).toEqual(health);
    expect([...publicMethods({ reflection: true })]).toEqual([...health, ...reflection]);
  });

  test('a name that only contains a public one needs a token', async () => {
    const { call } = await echo([
      auth({ publicMethods: new Set(['/test.Echo', '/test.Echo/', 'Unary', '']) }),
    ]);
    expect(await call('unary')).toMatchObject({ code: status.UNAUTHENTICATED });
  });
});

test('calls at the same time each have their own caller', async () => {
  const { call, handled } = await echo([auth()]);
  const subs = Array.from({ length: 30 }, (_, index) => `user-${index}`);
  const outcomes = await Promise.all(
    subs.map((sub) => call('chat', bearer(hs256(claims({ sub }))), ['a', 'b'])),
  );
  expect(outcomes.map(({ messages }) => messages)).toEqual(subs.map((sub) => [`${sub} a`, `${sub} b`]));
  expect(new Set(handled.map(({ caller }) => caller?.identity.sub))).toEqual(new Set(subs));
});

/** A verifier whose first answer waits for `release`; `asked` resolves when it is called. */
function hold(identity: Identity) {
  let release = () => {};
  let called = () => {};
  const released = new Promise<void>((resolve) => (release = resolve));
  const asked = new Promise<void>((resolve) => (called = resolve));
  const verify = async () => {
    called();
    await released;
    return identity;
  };
  return { verify, asked, release: () => release() };
}

/** An interceptor nearer to the wire: it accepts everything at once, and reports when the caller is done. */
function readAhead(onHalfClose: () => void): ServerInterceptor {
  return (_, call) =>
    new ServerInterceptingCall(call, {
      start: (next) => {
        next({
          onReceiveMetadata: (metadata, pass) => {
            pass(metadata);
            call.startRead();
          },
          onReceiveMessage: (message, pass) => {
            pass(message);
            call.startRead();
          },
          onReceiveHalfClose: (pass) => {
            pass();
            onHalfClose();
          },
        });
      },
    });
}

function whenCancelled(onCancel: () => void): ServerInterceptor {
  return (_, call) => new ServerInterceptingCall(call, { start: (next) => next({ onCancel }) });
}
