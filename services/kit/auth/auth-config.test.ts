import { generateKeyPairSync } from 'node:crypto';
import { inspect } from 'node:util';
import { cleanEnv } from 'envalid';
import { authConfig, authSpec, serviceAccountSpec } from './auth-config.ts';

const SECRET = 'kX0v7mQ2hT9wLr4Zc8JdBn5sGf1yPa6E';
const REALM = 'https://id.example.com/realms/crm';
const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
// A self-signed certificate whose key was thrown away.
const CERTIFICATE = [
  'MIIBLjCB4aADAgECAhRtL6asbjKDgVX0cXtsGHeG1NwJ4DAFBgMrZXAwDDEKMAgGA1UEAwwBdDAgFw0yNjExMjIxNzQ4NTJaGA8y',
  'MTI2MTAyOTE3NDg1MlowDDEKMAgGA1UEAwwBdDAqMAUGAytlcAMhAHJf0ENh9aJVChJDDYa/tc5x0wsCP4oa9MudKN9vS87Bo1Mw',
  'UTAdBgNVHQ4EFgQUnyODO2CXVp+rUj+vb4YCTRugBNswHwYDVR0jBBgwFoAUnyODO2CXVp+rUj+vb4YCTRugBNswDwYDVR0TAQH/',
  'BAUwAwEB/zAFBgMrZXADQQAokLzdbR7nWRzbHM/4IQ7nECcq+/trG/cHiTsm0n9XLlolphubGT9B6RSqfBnw3lGfppdghMwe6+j0',
  'XbXwaVMN',
].join('');

function config(env: Record<string, string>) {
  return authConfig(cleanEnv(env, { ...authSpec, ...serviceAccountSpec }, { reporter: null }));
}

test('a secret alone means HS256 with issuer suivi and audience crm', () => {
  expect(config({ JWT_SECRET: SECRET })).toMatchObject({
    algorithm: 'HS256',
    enabled: true,
    issuer: 'suivi',
    audience: 'crm',
  });
});

test('a realm alone means RS256, the realm as issuer without its trailing slash', () => {
  expect(config({ KEYCLOAK_REALM_URL: `${REALM}/`, AUTH_ENABLED: 'false' })).toEqual({
    algorithm: 'RS256',
    enabled: false,
    issuer: REALM,
    realmUrl: REALM,
    audience: 'crm',
  });
});

test('issuer, audience and service account can be set; an empty variable is as good as none', () => {
  const env = { KEYCLOAK_REALM_URL: REALM, JWT_SECRET: '', AUTH_ISSUER: 'https://id', AUTH_AUDIENCE: '' };
  const account = { KEYCLOAK_CLIENT_ID: 'workers', KEYCLOAK_CLIENT_SECRET: 'hush' };
  const made = config({ ...env, ...account });
  expect(made).toMatchObject({ issuer: 'https://id', audience: 'crm', client: { id: 'workers' } });
  expect('client' in made && made.client?.secret()).toBe('hush');
});

test('a service is not told the workers’ account, be it in the environment', () => {
  const env = { KEYCLOAK_REALM_URL: REALM, KEYCLOAK_CLIENT_ID: 'workers', KEYCLOAK_CLIENT_SECRET: 'hush' };
  expect(authConfig(cleanEnv(env, authSpec, { reporter: null }))).not.toHaveProperty('client');
});

test('no secret shows when the configuration is printed', () => {
  const account = { KEYCLOAK_CLIENT_ID: 'workers', KEYCLOAK_CLIENT_SECRET: 'hush' };
  for (const made of [config({ JWT_SECRET: SECRET }), config({ KEYCLOAK_REALM_URL: REALM, ...account })]) {
    expect(`${JSON.stringify(made)} ${inspect(made, { depth: 9, showHidden: true })}`).not.toMatch(
      /xxxx|hush/,
    );
  }
});

test.each<[string, string, Record<string, string>]>([
  ['both', 'JWT_SECRET and KEYCLOAK_REALM_URL', { JWT_SECRET: SECRET, KEYCLOAK_REALM_URL: REALM }],
  ['neither', 'JWT_SECRET or KEYCLOAK_REALM_URL', { JWT_SECRET: '' }],
  [
    'neither, although refusals are only reported',
    'JWT_SECRET or KEYCLOAK_REALM_URL',
    { AUTH_ENABLED: 'false' },
  ],
  ['31 bytes', 'JWT_SECRET', { JWT_SECRET: SECRET.slice(1) }],
  ['one letter', 'JWT_SECRET', { JWT_SECRET: 'a'.repeat(40) }],
  ['a word again and again', 'JWT_SECRET', { JWT_SECRET: 'changeme-'.repeat(8) }],
  ['the digits in a row', 'JWT_SECRET', { JWT_SECRET: '0123456789'.repeat(4) }],
  ['a PEM', 'JWT_SECRET', { JWT_SECRET: publicKey.export({ type: 'spki', format: 'pem' }).toString() }],
  ['a JWK', 'JWT_SECRET', { JWT_SECRET: JSON.stringify(publicKey.export({ format: 'jwk' })) }],
  ['a JWKS', 'JWT_SECRET', { JWT_SECRET: JSON.stringify({ keys: [publicKey.export({ format: 'jwk' })] }) }],
  [
    'a bare key',
    'JWT_SECRET',
    { JWT_SECRET: publicKey.export({ type: 'spki', format: 'der' }).toString('base64') },
  ],
  ['a bare certificate', 'JWT_SECRET', { JWT_SECRET: CERTIFICATE }],
  ['the issuer of the workers', 'AUTH_ISSUER', { JWT_SECRET: SECRET, AUTH_ISSUER: 'suivi-workers' }],
  ['no URL', 'KEYCLOAK_REALM_URL', { KEYCLOAK_REALM_URL: 'realms/crm' }],
  ['no http URL', 'KEYCLOAK_REALM_URL', { KEYCLOAK_REALM_URL: 'file:///etc/passwd' }],
  [
    'a password in the URL',
    'KEYCLOAK_REALM_URL',
    { KEYCLOAK_REALM_URL: 'https://a:b@id.example.com/realms/crm' },
  ],
  ['a query in the URL', 'KEYCLOAK_REALM_URL', { KEYCLOAK_REALM_URL: `${REALM}?x=1` }],
  [
    'an account without a secret',
    'KEYCLOAK_CLIENT_SECRET',
    { KEYCLOAK_REALM_URL: REALM, KEYCLOAK_CLIENT_ID: 'w' },
  ],
  [
    'a secret without account',
    'KEYCLOAK_CLIENT_ID',
    { KEYCLOAK_REALM_URL: REALM, KEYCLOAK_CLIENT_SECRET: 'w' },
  ],
])('%s is refused, naming %s', (_, variable, env) => {
  expect(() => config(env)).toThrow(variable);
});

test('every variable says what it is for', () => {
  for (const spec of Object.values({ ...authSpec, ...serviceAccountSpec }))
    expect(spec.desc).toMatch(/\w{3}/);
});
