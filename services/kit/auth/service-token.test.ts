import { decodeJwt } from 'jose';
import { serviceTokens } from './service-token.ts';
import { hangUp, json, startRealm, type Realm } from './testing/realm.ts';
import { NOW_S, testConfig } from './testing/tokens.ts';
import { tokenVerifier } from './verify-token.ts';

let at: number;
const now = () => at;
const sub = 'service:workers';
beforeEach(() => {
  at = NOW_S * 1000;
});

describe('under HS256', () => {
  test('a worker signs for itself, for five minutes, and services accept it', async () => {
    const token = await serviceTokens(testConfig(), { sub, now })();
    expect(decodeJwt(token)).toEqual({ iss: 'suivi-workers', aud: 'crm', sub, iat: NOW_S, exp: NOW_S + 300 });
    expect(await tokenVerifier(testConfig(), { now })(token)).toEqual({
      sub,
      issuer: 'suivi-workers',
      service: true,
      expiresAt: (NOW_S + 300) * 1000,
    });
  });

  test('one token serves many calls, and no call ever gets one about to expire', async () => {
    const token = serviceTokens(testConfig(), { sub, now });
    const seen = new Set<string>();
    for (let second = 0; second < 600; second += 5) {
      at = (NOW_S + second) * 1000;
      const current = await token();
      expect((decodeJwt(current).exp ?? 0) * 1000 - at).toBeGreaterThanOrEqual(10_000);
      seen.add(current);
    }
    expect(seen.size).toBeLessThanOrEqual(3);
    at += 3600_000;
    expect(decodeJwt(await token()).iat).toBe(at / 1000);
  });
});

describe('with Keycloak', () => {
  let realm: Realm;
  let asked: { url: string | undefined; authorization: string | undefined; body: string }[];
  let lifetimeSeconds: number;
  const config = (account = { KEYCLOAK_CLIENT_ID: 'wor:kers', KEYCLOAK_CLIENT_SECRET: 'hush%' }) =>
    testConfig({ KEYCLOAK_REALM_URL: realm.url, ...account });

  beforeEach(async () => {
    asked = [];
    lifetimeSeconds = 60;
    realm = await startRealm((request, response) => {
      let body = '';
      request.on('data', (chunk) => (body += String(chunk)));
      request.on('end', () => {
        asked.push({ url: request.url, authorization: request.headers.authorization, body });
        json({ access_token: `token ${asked.length}`, expires_in: lifetimeSeconds })(request, response);
      });
    });
  });
  afterEach(() => realm.stop());

  test('the client-credentials grant gives a token that is used until it is nearly over', async () => {
    const token = serviceTokens(config(), { sub, now });
    expect(await Promise.all([token(), token(), token()])).toEqual(['token 1', 'token 1', 'token 1']);
    expect(asked).toEqual([
      {
        url: '/realms/crm/protocol/openid-connect/token',
        authorization: `Basic ${Buffer.from('wor%3Akers:hush%25').toString('base64')}`,
        body: 'grant_type=client_credentials',
      },
    ]);
    at += 47_000;
    expect(await token()).toBe('token 1');
    expect(realm.requests).toBe(1);
    at += 10_000;
    expect(await token()).toBe('token 2');
  });

  test('it is renewed beside the calls, and an outage is survived with the token there is', async () => {
    const warn = jest.fn();
    const token = serviceTokens(config(), { sub, now, log: { warn } });
    await token();
    const answer = realm.answer;
    let tried = () => {};
    const attempt = new Promise<void>((resolve) => (tried = resolve));
    realm.answer = (request, response) => {
      hangUp(request, response);
      tried();
    };
    at += 50_000;
    expect(await token()).toBe('token 1');
    await attempt;
    at += 5_000;
    await expect(token()).rejects.toThrow(realm.url);
    expect(JSON.stringify(warn.mock.calls)).not.toMatch(/hush|token 1/);
    realm.answer = answer;
    expect(await token()).toBe('token 2');
  });

  test.each([
    ['no token', { expires_in: 60 }],
    ['an empty token', { access_token: '', expires_in: 60 }],
    ['no lifetime', { access_token: 'x' }],
    ['a lifetime of nothing', { access_token: 'x', expires_in: 0 }],
    ['null', null],
  ])('an answer with %s is an error', async (_, body) => {
    realm.answer = json(body);
    await expect(serviceTokens(config(), { sub, now })()).rejects.toThrow('without a token');
  });

  test('a realm without a client is refused when the worker starts', () => {
    const none = testConfig({ KEYCLOAK_REALM_URL: realm.url });
    expect(() => serviceTokens(none, { sub })).toThrow('KEYCLOAK_CLIENT_ID');
  });
});
