import { KeysUnavailable } from './refusal.ts';
import { claims, hs256, NOW_S, now, respelled, rs256, realmKey, testConfig } from './testing/tokens.ts';
import { hangUp, json, startRealm, type Realm } from './testing/realm.ts';
import { tokenVerifier } from './verify-token.ts';

const verify = tokenVerifier(testConfig(), { now });

test('an acceptable token says who calls', async () => {
  expect(await verify(hs256())).toEqual({
    sub: 'alice',
    issuer: 'suivi',
    service: false,
    expiresAt: (NOW_S + 240) * 1000,
  });
  expect(await verify(hs256(claims({ aud: ['other', 'crm'], nbf: NOW_S })))).toMatchObject({ sub: 'alice' });
  expect(await verify(hs256(claims(), { alg: 'HS256' }))).toMatchObject({ sub: 'alice' });
});

test('a worker signs with an issuer of its own, for a service only', async () => {
  const worker = { iss: 'suivi-workers', sub: 'service:workers' };
  expect(await verify(hs256(claims(worker)))).toEqual({
    sub: 'service:workers',
    issuer: 'suivi-workers',
    service: true,
    expiresAt: (NOW_S + 240) * 1000,
  });
  await expect(verify(hs256(claims({ ...worker, sub: 'alice' })))).rejects.toMatchObject({ claim: 'sub' });
});

test.each<[string, string, string]>([
  ['nothing', '', 'malformed'],
  ['a word', 'token', 'malformed'],
  ['four parts', `${hs256()}.x`, 'malformed'],
  ['five parts, an encrypted token', 'a.b.c.d.e', 'malformed'],
  ['a trailing newline', `${hs256()}\n`, 'malformed'],
  ['padding', `${hs256()}=`, 'malformed'],
  ['another spelling of the signature', respelled(hs256()), 'malformed'],
  ['exactly the longest length, in letters', 'a'.repeat(8192), 'malformed'],
  ['one letter more', 'a'.repeat(8193), 'too_long'],
  ['a payload that is no JSON', hs256('{'), 'malformed'],
  ['a payload that is an array', hs256('[]'), 'malformed'],
  ['a payload that is null', hs256('null'), 'malformed'],
  ['a byte order mark', hs256(`\ufeff${JSON.stringify(claims())}`), 'malformed'],
  ['a repeated name in the header', hs256(claims(), '{"alg":"none","alg":"HS256"}'), 'claim_repeated'],
  [
    'a crit header that jose knows',
    hs256(claims(), { alg: 'HS256', crit: ['b64'], b64: true }),
    'critical_header',
  ],
  ['a logout token by its header', hs256(claims(), { alg: 'HS256', typ: 'logout+jwt' }), 'wrong_type'],
  ['HS384', hs256(claims(), { alg: 'HS384' }), 'wrong_algorithm'],
  ['expiry at this very second', hs256(claims({ exp: NOW_S })), 'expired'],
  ['exp as text', hs256(claims({ exp: String(NOW_S + 60) })), 'claim_invalid'],
  ['no iat', hs256(claims({ iat: undefined })), 'claim_missing'],
  ['two days old', hs256(claims({ iat: NOW_S - 172_800 })), 'too_old'],
  ['nbf infinitely back', hs256(`${JSON.stringify(claims()).slice(0, -1)},"nbf":-1e999}`), 'claim_invalid'],
  ['no iss', hs256(claims({ iss: undefined })), 'claim_missing'],
  ['no aud', hs256(claims({ aud: undefined })), 'claim_missing'],
  ['iss as a list', hs256(claims({ iss: ['suivi'] })), 'wrong_issuer'],
  ['a blank sub', hs256(claims({ sub: ' ' })), 'claim_invalid'],
  ['a sub of 256 characters', hs256(claims({ sub: 'a'.repeat(256) })), 'claim_invalid'],
  ['a sub of two lines', hs256(claims({ sub: 'alice\nroot' })), 'claim_invalid'],
  ['a sub that colours the terminal', hs256(claims({ sub: 'alice\u001b[31m' })), 'claim_invalid'],
  ['a sub that reads backwards', hs256(claims({ sub: 'alice\u202etoor' })), 'claim_invalid'],
])('refused: %s', async (_, token, reason) => {
  await expect(verify(token)).rejects.toMatchObject({ name: 'TokenRefused', reason });
});

test('what was just issued may be seconds ahead of our clock, what has expired may not be behind it', async () => {
  expect(await verify(hs256(claims({ iat: NOW_S + 5, nbf: NOW_S + 5 })))).toBeDefined();
  await expect(verify(hs256(claims({ iat: NOW_S + 6 })))).rejects.toMatchObject({ reason: 'not_yet_valid' });
  await expect(verify(hs256(claims({ exp: NOW_S - 1 })))).rejects.toMatchObject({ reason: 'expired' });
});

describe('with a realm', () => {
  const key = realmKey('one');
  const header = { alg: 'RS256', kid: 'one', typ: 'JWT' };
  let realm: Realm;
  let verify: ReturnType<typeof tokenVerifier>;
  const realmClaims = (changes = {}) => claims({ iss: realm.url, typ: 'Bearer', ...changes });

  beforeEach(async () => {
    realm = await startRealm(json({ keys: [key.jwk] }));
    verify = tokenVerifier(testConfig({ KEYCLOAK_REALM_URL: realm.url }), { now });
  });
  afterEach(() => realm.stop());

  test('an access token is accepted, with the keys of the realm', async () => {
    expect(await verify(rs256(key.privateKey, realmClaims(), header))).toEqual({
      sub: 'alice',
      issuer: realm.url,
      service: false,
      expiresAt: expect.any(Number) as number,
    });
    expect(await verify(rs256(key.privateKey, realmClaims({ typ: undefined }), header))).toMatchObject({
      sub: 'alice',
    });
  });

  test('a client’s service account is a service, a person through the same client is none', async () => {
    const of = async (changes: object) =>
      await verify(rs256(key.privateKey, realmClaims({ azp: 'workers', ...changes }), header));
    const account = { client_id: 'workers', preferred_username: 'service-account-workers' };
    expect(await of(account)).toMatchObject({ service: true });
    for (const changes of [
      { preferred_username: 'alice' },
      { preferred_username: 'service-account-other' },
      { preferred_username: undefined },
      // a person whom an administrator named like a service account
      { client_id: undefined },
      { client_id: 'other' },
      { client_id: '' },
      { client_id: ['workers'] },
      { azp: 'other' },
      { azp: undefined, client_id: undefined },
      { azp: '', client_id: '', preferred_username: 'service-account-' },
    ]) {
      expect(await of({ ...account, ...changes })).toMatchObject({ service: false });
    }
  });

  test.each([
    ['an ID token', 'wrong_type', { typ: 'ID' }],
    ['a refresh token', 'wrong_type', { typ: 'Refresh' }],
    ['a typ that is no text', 'wrong_type', { typ: ['Bearer'] }],
    ['an ID token of another make', 'wrong_type', { typ: undefined, at_hash: 'x' }],
    ['the issuer of workers without a realm', 'wrong_issuer', { iss: 'suivi-workers', sub: 'service:x' }],
  ])('refused: %s', async (_, reason, changes) => {
    await expect(verify(rs256(key.privateKey, realmClaims(changes), header))).rejects.toMatchObject({
      reason,
    });
  });

  test('HS256 is refused, be it signed with the public key', async () => {
    const token = hs256(realmClaims(), { alg: 'HS256', kid: 'one' }, key.publicPem);
    await expect(verify(token)).rejects.toMatchObject({ reason: 'wrong_algorithm' });
  });

  test('a token has to name its key when there are two', async () => {
    realm.answer = json({ keys: [key.jwk, realmKey('two').jwk] });
    const token = rs256(key.privateKey, realmClaims(), { alg: 'RS256' });
    await expect(verify(token)).rejects.toMatchObject({ reason: 'unknown_key' });
  });

  test('without keys nothing is said about the token', async () => {
    realm.answer = hangUp;
    await expect(verify(rs256(key.privateKey, realmClaims(), header))).rejects.toThrow(KeysUnavailable);
  });
});
