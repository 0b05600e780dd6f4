import { serverPorts } from './ports.ts';
import { platformSettings, processEnvironment } from './settings.ts';

const secrets = {
  jwtSecret: 'made-up-secret',
  postgresPassword: 'p@ss',
  ibanKey: 'made-up-key',
  consoleKey: 'another-key',
};
const input = (env: NodeJS.ProcessEnv) => ({
  env,
  dataDir: '/data',
  offset: 1000,
  ports: serverPorts(1000),
  secrets,
});

test('settings are made up where the user says nothing', () => {
  expect(platformSettings(input({ DATABASE_URL: '' }))).toEqual({
    DATABASE_URL: 'postgresql://suivi:p%40ss@127.0.0.1:55320/crm',
    NATS_URL: 'nats://127.0.0.1:5222',
    TEMPORAL_ADDRESS: '127.0.0.1:8234',
    TEMPORAL_NAMESPACE: 'crm',
    TEMPORAL_UI_URL: 'http://127.0.0.1:9233',
    SMTP_URL: 'smtp://127.0.0.1:2025',
    MAIL_INBOX_URL: 'http://127.0.0.1:2080',
    JWT_SECRET: 'made-up-secret',
    REFLECTION_ENABLED: 'true',
    BANK_DIR: '/data/bank',
    IBAN_KEYS: 'local:made-up-key',
    CONSOLE_KEYS: 'local:another-key',
    CONSOLE_URL: 'http://127.0.0.1:9088',
    CREANCIER_NOM: 'Suivi',
    CREANCIER_IBAN: 'FR7630006000011234567890189',
    CREANCIER_BIC: 'AGRIFRPP',
    CREANCIER_ICS: 'FR72ZZZ123456',
    PORT_OFFSET: '1000',
    DATA_DIR: '/data',
  });
});

test('what the user says wins, and a server of his has no UI or inbox of ours', () => {
  const env = {
    TEMPORAL_ADDRESS: 'temporal:7233',
    SMTP_URL: 'smtp://mail',
    JWT_SECRET: 'his',
    AUTH_AUDIENCE: 'x',
  };
  const settings = platformSettings(input(env));
  expect(settings).toMatchObject(env);
  expect(settings).not.toHaveProperty('TEMPORAL_UI_URL');
  expect(settings).not.toHaveProperty('MAIL_INBOX_URL');
});

test('with Keycloak no secret is made up: exactly one of the two may be set', () => {
  const settings = platformSettings(input({ KEYCLOAK_REALM_URL: 'https://keycloak/realms/crm' }));
  expect(settings).not.toHaveProperty('JWT_SECRET');
  expect(settings.KEYCLOAK_REALM_URL).toBe('https://keycloak/realms/crm');
});

test('each process has its metrics port, and only the services a larger pool, unless the user says so', () => {
  const ours = platformSettings(input({}));
  expect(processEnvironment('services', input({}), ours)).toMatchObject({
    DATABASE_POOL: '10',
    METRICS_PORT: '10465',
  });
  expect(processEnvironment('workers', input({}), ours)).not.toHaveProperty('DATABASE_POOL');
  expect(processEnvironment('workers', input({}), ours).METRICS_PORT).toBe('10464');
  const his = { DATABASE_POOL: '4', LOG_LEVEL: 'debug' };
  expect(processEnvironment('services', input(his), ours)).toMatchObject(his);
});
