import { Code, ConnectError, createClient, type Interceptor } from '@connectrpc/connect';
import { createConnectTransport } from '@connectrpc/connect-node';
import { ActiviteServiceService, TacheServiceService } from '@crm/proto/activites/activites';
import { ClientBaseServiceService } from '@crm/proto/clients/clients';
import { createHash } from 'node:crypto';
import { sharedStack } from '../support/stack.ts';
import { unique, uniqueAddress } from '../support/unique.ts';
import { until } from '../support/until.ts';
import { ActiviteService, TacheService } from '@crm/console/proto/activites/activites_pb';
import { ClientBaseService } from '@crm/console/proto/clients/clients_pb';
import { DashboardKpisService } from '@crm/console/proto/dashboard/dashboard_pb';
import { BadRequestSchema, ErrorInfoSchema } from '@crm/console/proto/google/rpc/status_pb';
import { NotificationService } from '@crm/console/proto/notifications/notifications_pb';

const stack = sharedStack();
const url = stack.env.CONSOLE_URL!;
const ours = { origin: url, 'x-suivi': '1' };
/** Everything that the server said in this test: no token may be in it. */
const said: string[] = [];

afterAll(() => stack.close());

async function ask(path: string, init: RequestInit = {}): Promise<Response> {
  const response = await fetch(url + path, { redirect: 'manual', ...init });
  said.push(JSON.stringify([...response.headers]), await response.clone().text());
  return response;
}

const post = (path: string, headers: Record<string, string>, body?: object) =>
  ask(path, {
    method: 'POST',
    headers: { ...(body && { 'content-type': 'application/json' }), ...headers },
    ...(body && { body: JSON.stringify(body) }),
  });

/** Signs in; returns the cookie as browsers send it. */
async function signIn(nom: string): Promise<string> {
  const response = await post('/auth/local', ours, { nom });
  expect(response.status).toBe(204);
  return response.headers.get('set-cookie')!.split(';')[0]!;
}

/** Calls as the pages do, or as another site would. */
function as(cookie: string, headers: Record<string, string> = ours) {
  const withCookie: Interceptor = (next) => (request) => {
    for (const [name, value] of Object.entries({ ...headers, ...(cookie && { cookie }) }))
      request.header.set(name, value);
    return next(request);
  };
  const transport = createConnectTransport({
    ...{ baseUrl: `${url}/rpc`, httpVersion: '1.1' as const, useBinaryFormat: true },
    interceptors: [withCookie],
  });
  return <S extends Parameters<typeof createClient>[0]>(service: S) => createClient(service, transport);
}

const refusal = async (call: Promise<unknown>): Promise<ConnectError> => {
  const error = await call.then(
    () => undefined,
    (thrown: unknown) => ConnectError.from(thrown),
  );
  if (!error) throw new Error('it was not refused');
  return error;
};

const codeOf = async (call: Promise<unknown>): Promise<string> => Code[(await refusal(call)).code];

test('whoever signs in is the author of what he does, and a refusal has its reason and its fields', async () => {
  const nom = unique('Zoé');
  const cookie = await signIn(nom);
  expect(await (await ask('/auth/session', { headers: { cookie } })).json()).toEqual({ nom, local: true });
  const call = as(cookie);
  const client = await stack
    .client('clients', ClientBaseServiceService)
    .create({ nom: 'Durand', email: uniqueAddress(), organisationId: unique('org') });
  const activite = await call(ActiviteService).create({ clientId: client.id, resume: 'a appelé' });
  expect(activite.utilisateurId).toBe(nom);
  const known = await stack.client('activites', ActiviteServiceService).get({ id: activite.id });
  expect(known.utilisateurId).toBe(nom);
  // only these, for a page that has their ids
  const others = await call(ClientBaseService).list({ ids: [client.id, unique('nobody')] });
  expect(others.clients.map(({ id }) => id)).toEqual([client.id]);

  const wrong = await refusal(call(TacheService).create({ titre: ' ' }));
  expect(wrong.code).toBe(Code.InvalidArgument);
  expect(wrong.findDetails(BadRequestSchema)[0]!.fieldViolations[0]!.field).toBe('titre');
  expect(wrong.metadata.get('correlation-id')).toMatch(/^[0-9a-f-]{36}$/);
  const { id } = await call(TacheService).create({ titre: 'appeler' });
  await call(TacheService).marquerAnnulee({ id });
  const late = await refusal(call(TacheService).marquerTerminee({ id }));
  expect(late.findDetails(ErrorInfoSchema)[0]!.reason).toBe('TACHE_STATUT');
});

test('a call that the browser repeats under its key has its effect once', async () => {
  const call = as(await signIn(unique('alice')));
  const options = { headers: { 'idempotency-key': unique('key') } };
  const request = { titre: 'une fois' };
  const [first, again] = [
    await call(TacheService).create(request, options),
    await call(TacheService).create(request, options),
  ];
  expect(again.id).toBe(first.id);
});

test('the cookie is for this origin, for the server and for no script', async () => {
  const response = await post('/auth/local', ours, { nom: 'alice' });
  const [cookie, ...flags] = response.headers.get('set-cookie')!.split('; ');
  expect(cookie).toMatch(/^__Host-suivi=[\w-]{43}$/);
  expect(flags.sort()).toEqual(['HttpOnly', 'Max-Age=36000', 'Path=/', 'SameSite=Lax', 'Secure'].sort());
});

test.each([
  ['another origin', { ...ours, origin: 'https://evil.example' }],
  ['no origin', { 'x-suivi': '1' }],
  ['the same host at another port', { ...ours, origin: url.replace(/\d+$/, '1') }],
  ['no header of ours', { origin: url }],
])('a POST with %s is refused, whatever it asks for', async (_, headers: Record<string, string>) => {
  const cookie = await signIn('alice');
  for (const path of ['/auth/local', '/auth/sign-out', '/rpc/clients.ClientBaseService/List', '/nowhere'])
    expect([path, (await post(path, { ...headers, cookie }, {})).status]).toEqual([path, 403]);
  // and the session goes on
  expect(await (await ask('/auth/session', { headers: { cookie } })).json()).toMatchObject({ nom: 'alice' });
});

test('a page may only do what this server gives it; its files have the hash of their content in their names', async () => {
  const page = await ask('/factures/1', { headers: { accept: 'text/html' } });
  const policy = page.headers.get('content-security-policy')!;
  expect(policy).toContain("script-src 'self'");
  expect(policy).toContain("default-src 'none'");
  expect(policy).not.toMatch(/unsafe|data:|blob:|\*/);
  const html = await page.text();
  expect(html).not.toMatch(/<style|<script(?![^>]* src=)| style=| on\w+=/);
  const script = /src="(\/assets\/[\w-]+\.js)"/.exec(html)![1]!;
  const asset = await fetch(url + script, { headers: { 'accept-encoding': 'br' } });
  expect(asset.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
  expect(asset.headers.get('content-encoding')).toBe('br');
  expect(asset.headers.get('x-content-type-options')).toBe('nosniff');
  expect(page.headers.get('cache-control')).toBe('no-cache');
  expect((await ask('/assets/nothing.js')).status).toBe(404);
});

test('without a session nothing is called; what only workers need is not called at all', async () => {
  const request = { clientId: 'c', organisationId: 'o' };
  expect(await codeOf(as('')(ClientBaseService).list({}))).toBe('Unauthenticated');
  expect(await codeOf(as('__Host-suivi=invented')(ClientBaseService).list({}))).toBe('Unauthenticated');
  const call = as(await signIn('alice'));
  expect(await codeOf(call(DashboardKpisService).enregistrerNouveauClient(request))).toBe('Unimplemented');
  await expect(call(DashboardKpisService).getKpis({})).resolves.toBeDefined();
});

test.each(['', '   ', 'service:workers', ' service:x', 'a\nb', 'x'.repeat(81)])(
  'nobody signs in as %j',
  async (nom) => {
    expect((await post('/auth/local', ours, { nom })).status).toBe(400);
  },
);

const rowOf = (cookie: string) => {
  const [, value] = cookie.split('=');
  return createHash('sha256').update(value!).digest('hex');
};

test('a session ends after 30 idle minutes, after 10 hours, and when its person signs out', async () => {
  const list = (cookie: string) => codeOf(as(cookie)(ClientBaseService).list({}));
  const goesOn = (cookie: string) => as(cookie)(ClientBaseService).list({});
  const [idle, old, out] = [await signIn('alice'), await signIn('alice'), await signIn('alice')];
  const since = (column: string, cookie: string, ago: string) =>
    stack.sql(
      `UPDATE console.sessions SET ${column} = now() - $2::interval WHERE id = $1`,
      rowOf(cookie),
      ago,
    );

  await since('seen_at', idle, '29 minutes');
  await goesOn(idle);
  const [row] = await stack.sql<{ seen_at: Date }>(
    'SELECT seen_at FROM console.sessions WHERE id = $1',
    rowOf(idle),
  );
  expect(Date.now() - row!.seen_at.getTime()).toBeLessThan(60_000);
  await since('seen_at', idle, '30 minutes 1 second');
  expect(await list(idle)).toBe('Unauthenticated');

  await since('created_at', old, '9 hours 59 minutes');
  await goesOn(old);
  await since('created_at', old, '10 hours 1 second');
  expect(await list(old)).toBe('Unauthenticated');

  expect((await post('/auth/sign-out', { ...ours, cookie: out })).status).toBe(204);
  expect(await list(out)).toBe('Unauthenticated');
});

test('a stream ends with its session', async () => {
  const cookie = await signIn('alice');
  const streamed = (async () => {
    for await (const _ of as(cookie)(NotificationService).subscribe({ utilisateurId: unique('u') }));
  })();
  const ended = codeOf(streamed);
  await until('the stream is open', async () => (await post('/auth/sign-out', { ...ours, cookie })).ok);
  expect(await ended).toBe('Unauthenticated');
});

test('tokens are good for five minutes, are renewed, are encrypted where they are kept, and never told', async () => {
  const cookie = await signIn('alice');
  const read = async () =>
    (
      await stack.sql<{ tokens: Buffer }>('SELECT tokens FROM console.sessions WHERE id = $1', rowOf(cookie))
    )[0]!.tokens;
  const first = await read();
  expect(first.toString('latin1')).not.toMatch(/eyJ|access/);
  // one that was copied from another row is none
  await stack.sql(
    'UPDATE console.sessions SET tokens = (SELECT tokens FROM console.sessions WHERE id <> $1 LIMIT 1) WHERE id = $1',
    rowOf(cookie),
  );
  expect(await codeOf(as(cookie)(TacheService).list({}))).toBe('Unavailable');
  await stack.sql('UPDATE console.sessions SET tokens = $2 WHERE id = $1', rowOf(cookie), first);
  await expect(as(cookie)(TacheService).list({})).resolves.toBeDefined();

  expect(said.length).toBeGreaterThan(20);
  expect(said.join('\n')).not.toMatch(/eyJ[\w-]{8,}\./);
});

test('tasks of people are seen by services as theirs', async () => {
  const nom = unique('bob');
  const { id } = await as(await signIn(nom))(TacheService).create({ titre: 'rappeler' });
  expect(await stack.client('activites', TacheServiceService).get({ id })).toMatchObject({
    titre: 'rappeler',
  });
});
