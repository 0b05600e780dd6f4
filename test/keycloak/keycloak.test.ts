import { connectTo, eventIdOf } from '@crm/kit';
import { hs256 } from '@crm/kit/testing/tokens';
import { ClientBaseServiceService } from '@crm/proto/clients/clients';
import { DashboardKpisServiceService } from '@crm/proto/dashboard/dashboard';
import { status } from '@grpc/grpc-js';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { startTestKeycloak, type Keycloak } from '../support/keycloak.ts';
import { bearer, rawCall } from '../support/raw-call.ts';
import { startOwnStack, type OwnStack } from '../support/stack.ts';
import { unique, uniqueAddress } from '../support/unique.ts';
import { until } from '../support/until.ts';
import { outcomesOf } from '../support/workflows.ts';

const LIST = '/clients.ClientBaseService/List';
let keycloak: Keycloak;
let stack: OwnStack;

beforeAll(async () => {
  keycloak = await startTestKeycloak();
  stack = await startOwnStack({
    KEYCLOAK_REALM_URL: keycloak.realmUrl,
    KEYCLOAK_CLIENT_ID: keycloak.workers.id,
    KEYCLOAK_CLIENT_SECRET: keycloak.workers.secret,
    CONSOLE_CLIENT_SECRET: keycloak.web.secret,
  });
  await keycloak.moveConsole(stack.env.CONSOLE_URL!);
}, 600_000);
afterAll(async () => {
  await stack?.stop();
  await keycloak?.stop();
}, 60_000);

const login = async () => (await keycloak.login()).access_token;
const serviceToken = async () =>
  (await keycloak.clientCredentials(keycloak.workers.id, keycloak.workers.secret)).access_token;

/** How a call of List with a token ends, and with which reason in the log. */
async function listWith(token: string): Promise<{ code: string; reason?: string }> {
  const correlationId = randomUUID();
  const headers = { ...bearer(token), 'correlation-id': correlationId };
  const { code } = await rawCall(stack.address('clients'), LIST, { headers });
  if (code !== status.UNAUTHENTICATED) return { code: status[code] };
  const reason = await until('the reason in the log', () =>
    readFileSync(join(stack.env.DATA_DIR!, 'logs/services.log'), 'utf8')
      .split('\n')
      .filter((line) => line.includes(correlationId))
      .map((line) => (JSON.parse(line) as { reason?: string }).reason)
      .find(Boolean),
  );
  return { code: status[code], reason };
}

/** A client of the realm with a service account; its tokens. */
async function accountOf(changes: Record<string, unknown>): Promise<() => Promise<string>> {
  const [clientId, secret] = [unique('client'), randomUUID()];
  const account = { publicClient: false, standardFlowEnabled: false, serviceAccountsEnabled: true };
  await keycloak.admin('POST', '/clients', { clientId, secret, ...account, ...changes });
  return async () => (await keycloak.clientCredentials(clientId, secret)).access_token;
}

describe('accepted', () => {
  test('a user’s token of the password grant is RS256, for crm, and says nothing of the person', async () => {
    const token = await login();
    expect(decodeProtectedHeader(token)).toMatchObject({ alg: 'RS256', typ: 'JWT' });
    const claims = decodeJwt(token);
    expect(claims).toMatchObject({ iss: keycloak.realmUrl, aud: 'crm', typ: 'Bearer' });
    expect(claims.sub).toMatch(/^[0-9a-f-]{36}$/);
    for (const claim of ['client_id', 'email', 'name', 'family_name', 'realm_access', 'resource_access']) {
      expect(claims).not.toHaveProperty(claim);
    }
    expect(await listWith(token)).toEqual({ code: 'OK' });
  });

  test('a service account’s token of the client-credentials grant is too', async () => {
    const token = await serviceToken();
    expect(decodeProtectedHeader(token).alg).toBe('RS256');
    expect(decodeJwt(token)).toMatchObject({
      ...{ aud: 'crm', azp: keycloak.workers.id, client_id: keycloak.workers.id },
    });
    expect(await listWith(token)).toEqual({ code: 'OK' });
  });

  test('a token signed with a new key of the realm, the old one still in force', async () => {
    const before = await login();
    const kid = decodeProtectedHeader(before).kid;
    const { id: parentId } = await keycloak.admin<{ id: string }>('GET', '');
    await keycloak.admin('POST', '/components', {
      name: 'rotated',
      providerId: 'rsa-generated',
      providerType: 'org.keycloak.keys.KeyProvider',
      parentId,
      config: { priority: ['200'], enabled: ['true'], active: ['true'], keySize: ['2048'] },
    });
    const after = await login();
    expect(decodeProtectedHeader(after).kid).not.toBe(kid);
    expect(await listWith(after)).toEqual({ code: 'OK' });
    expect(await listWith(before)).toEqual({ code: 'OK' });
  });
});

describe('refused', () => {
  test('an ID token, also one for the right audience', async () => {
    const { id_token: idToken } = await keycloak.login({ scope: 'openid' });
    expect(await listWith(idToken!)).toEqual({ code: 'UNAUTHENTICATED', reason: 'wrong_audience' });
    const [{ id }] = await keycloak.admin<[{ id: string }]>('GET', '/clients?clientId=crm-try');
    await keycloak.admin('POST', `/clients/${id}/protocol-mappers/models`, {
      ...audienceMapper('crm'),
      config: { 'included.custom.audience': 'crm', 'id.token.claim': 'true' },
    });
    const { id_token: forCrm } = await keycloak.login({ scope: 'openid' });
    expect(decodeJwt(forCrm!).aud).toContain('crm');
    expect(await listWith(forCrm!)).toEqual({ code: 'UNAUTHENTICATED', reason: 'wrong_type' });
  });

  test('a refresh token, which is HS512', async () => {
    const { refresh_token: refresh } = await keycloak.login();
    expect(await listWith(refresh!)).toEqual({ code: 'UNAUTHENTICATED', reason: 'wrong_algorithm' });
  });

  test('a token of another audience, or of none', async () => {
    const none = await accountOf({ defaultClientScopes: ['basic', 'profile'] });
    expect(await listWith(await none())).toEqual({ code: 'UNAUTHENTICATED', reason: 'claim_missing' });
    const other = await accountOf({
      defaultClientScopes: ['basic', 'profile'],
      protocolMappers: [audienceMapper('other')],
    });
    const token = await other();
    expect(decodeJwt(token).aud).toBe('other');
    expect(await listWith(token)).toEqual({ code: 'UNAUTHENTICATED', reason: 'wrong_audience' });
  });

  test('a token once it has expired', async () => {
    const brief = await accountOf({ attributes: { 'access.token.lifespan': '4' } });
    const token = await brief();
    expect(await listWith(token)).toEqual({ code: 'OK' });
    const refused = await until('the token to expire', async () => {
      const answer = await listWith(token);
      return answer.code !== 'OK' && answer;
    });
    expect(refused).toEqual({ code: 'UNAUTHENTICATED', reason: 'expired' });
  });

  test('a token of another realm', async () => {
    const other = keycloak.realmUrl.replace(/crm$/, 'master');
    const answer = await fetch(`${other}/.well-known/openid-configuration`);
    expect(((await answer.json()) as { issuer: string }).issuer).toBe(other);
    const { access_token: token } = await keycloak.masterToken();
    expect(await listWith(token)).toMatchObject({ code: 'UNAUTHENTICATED', reason: 'unknown_key' });
  });

  test('an HS256 token signed with the realm’s public key', async () => {
    const { public_key: der } = (await (await fetch(keycloak.realmUrl)).json()) as { public_key: string };
    const pem = `-----BEGIN PUBLIC KEY-----\n${der.match(/.{1,64}/g)!.join('\n')}\n-----END PUBLIC KEY-----\n`;
    const token = await login();
    for (const key of [pem, pem.trim(), der]) {
      const header = { alg: 'HS256', typ: 'JWT', kid: decodeProtectedHeader(token).kid };
      const forged = hs256(decodeJwt(token), header, key);
      expect(await listWith(forged)).toEqual({ code: 'UNAUTHENTICATED', reason: 'wrong_algorithm' });
    }
  });
});

describe('an event’s guard', () => {
  const count = async (token: () => Promise<string>) => {
    const eventId = eventIdOf('client.created', [unique('client')]);
    const organisationId = unique('org');
    const kpis = connectTo(DashboardKpisServiceService, stack.address('dashboard'), token);
    const request = { organisationId, clientId: unique('client'), createdAt: new Date() };
    const metadata = {
      'idempotency-key': `${eventId}/dashboard`,
      'event-type': 'client.created',
      'event-timestamp': new Date().toISOString(),
    };
    await kpis.enregistrerNouveauClient(request, { metadata });
    await kpis.enregistrerNouveauClient(request, { metadata });
    const { nouveauxClients } = await kpis.getKpis({ organisationId });
    kpis.close();
    expect(nouveauxClients).toBe(1n);
    return (await stack.sql('SELECT 1 FROM events.processed_events WHERE event_id = $1::uuid', eventId))
      .length;
  };

  test('is for a service account', async () => {
    expect(await count(serviceToken)).toBe(1);
  });

  test('is not for a user, whose key is a key like any other', async () => {
    expect(await count(login)).toBe(0);
  });

  test('is not for a person whom an administrator has named like a service account', async () => {
    const [username, password] = ['service-account-crm-try', randomUUID()];
    await keycloak.admin('POST', '/users', {
      ...{ username, enabled: true, firstName: 'Alix', lastName: 'Essai', email: uniqueAddress() },
      credentials: [{ type: 'password', value: password, temporary: false }],
    });
    const loginAsService = async () => (await keycloak.login({ username, password })).access_token;
    expect(decodeJwt(await loginAsService())).toMatchObject({ azp: 'crm-try', preferred_username: username });
    expect(await count(loginAsService)).toBe(0);
  });
});

test('client.created goes through its handlers, the workers on client credentials', async () => {
  const clients = connectTo(ClientBaseServiceService, stack.address('clients'), login);
  const email = uniqueAddress();
  const client = await clients.create({
    ...{ nom: 'Durand', prenom: 'Zoé', email },
    ...{ organisationId: unique('org'), gestionnaireId: unique('gestionnaire') },
  });
  clients.close();
  const outcomes = await outcomesOf(await stack.temporal(), eventIdOf('client.created', [client.id]));
  const done = { done: expect.any(String) as string };
  expect(outcomes).toEqual({ email: done, notifications: done, dashboard: done, relance: done });
  expect(await stack.mailsTo(email)).toHaveLength(1);
}, 90_000);

test('a person signs in at the console, is renewed, and is signed out when the realm says so', async () => {
  const url = stack.env.CONSOLE_URL!;
  const browser = cookieJar();
  const form = await browser.go(`${url}/auth/sign-in?retour=/factures?numero=F-1`);
  expect(form.url).toMatch(/code_challenge_method=S256/);
  expect(form.url).not.toContain(keycloak.web.secret);
  const action = /action="([^"]+)"/.exec(await form.text())![1]!.replaceAll('&amp;', '&');
  const credentials = new URLSearchParams({ username: 'alice', password: keycloak.password });
  const page = await browser.go(action, { method: 'POST', body: credentials });
  expect(page.url).toBe(`${url}/factures?numero=F-1`);
  const session = async () =>
    (await (await browser.go(`${url}/auth/session`)).json()) as { nom: string | null };
  expect(await session()).toEqual({ nom: 'alice', local: false });
  const call = (headers = { origin: url, 'x-suivi': '1' }) =>
    browser.go(`${url}/rpc/clients.ClientBaseService/List`, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
      body: '{}',
    });
  expect((await call()).status).toBe(200);

  // an access token that is about to expire is replaced, once, however many ask
  const tokens = async () =>
    (await stack.sql<{ tokens: Buffer }>('SELECT tokens FROM console.sessions'))[0]!.tokens;
  await keycloak.admin('PUT', '', { accessTokenLifespan: 20, revokeRefreshToken: true });
  const again = await browser.go(`${url}/auth/sign-in`);
  expect(again.url).toBe(`${url}/`);
  const before = await tokens();
  const answers = await Promise.all(Array.from({ length: 8 }, () => call()));
  expect(answers.map(({ status: answer }) => answer)).toEqual(Array(8).fill(200));
  expect((await tokens()).equals(before)).toBe(false);

  // nobody else can end a session
  const forged = new URLSearchParams({ logout_token: hs256({ sub: 'alice' }) });
  expect((await fetch(`${url}/auth/backchannel-logout`, { method: 'POST', body: forged })).status).toBe(400);
  const [user] = await keycloak.admin<{ id: string }[]>('GET', '/users?username=alice');
  await keycloak.admin('POST', `/users/${user!.id}/logout`);
  await until('the end of the session', async () => (await session()).nom === null);
  await keycloak.admin('PUT', '', { accessTokenLifespan: 300, revokeRefreshToken: false });
}, 90_000);

test('neither a token nor a secret is in the logs', async () => {
  const [user, service] = [await login(), await serviceToken()];
  await listWith(user);
  await listWith(service);
  await listWith(`${user}x`);
  for (const name of ['services', 'workers']) {
    const text = readFileSync(join(stack.env.DATA_DIR!, `logs/${name}.log`), 'utf8');
    for (const token of [user, service]) expect(text).not.toContain(token.split('.')[1]!);
    expect(text).not.toContain(keycloak.workers.secret);
  }
});

/** A browser's cookies by their names, for one host: a redirect is followed with those that were set on the way. */
function cookieJar() {
  const cookies = new Map<string, string>();
  const go = async (url: string, init: RequestInit = {}, hops = 0): Promise<Response> => {
    const cookie = [...cookies].map((pair) => pair.join('=')).join('; ');
    const headers = { ...(init.headers as Record<string, string>), cookie };
    const response = await fetch(url, { ...init, headers, redirect: 'manual' });
    for (const text of response.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(text)!;
      if (/max-age=0|expires=Thu, 01 Jan 1970/i.test(text)) cookies.delete(name!);
      else cookies.set(name!, value!);
    }
    const location = response.headers.get('location');
    if (!location || hops > 10) return response;
    return await go(new URL(location, url).href, {}, hops + 1);
  };
  return { go };
}

function audienceMapper(audience: string) {
  return {
    name: `audience ${audience}`,
    protocol: 'openid-connect',
    protocolMapper: 'oidc-audience-mapper',
    config: { 'included.custom.audience': audience, 'access.token.claim': 'true' },
  };
}
