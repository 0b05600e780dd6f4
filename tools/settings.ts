import { join } from 'node:path';
import type { CodeProcess } from './changed-sources.ts';
import { systemEnvironment } from './server.ts';
import type { Secrets } from './data-folder.ts';
import { postgresUrl } from './postgres.ts';
import type { ServerPorts } from './ports.ts';

/** Settings that are passed on from the user's environment and never made up. */
const PASSED_ON = [
  'KEYCLOAK_REALM_URL',
  'CONSOLE_CLIENT_ID',
  'CONSOLE_CLIENT_SECRET',
  'AUTH_ISSUER',
  'AUTH_AUDIENCE',
  'AUTH_ENABLED',
  'MAIL_FROM',
  'MAIL_CONTACT',
  'MAIL_PAIEMENT',
  'MAIL_SENDER_DOMAINS',
  'MAIL_MENTIONS',
  'TAUX_PENALITES',
  'MAIL_PAGE_COORDONNEES',
  'MAIL_UNKNOWN',
  'MAIL_TIMEOUT_MS',
];

/** The default creditor: not a real account, but with valid check digits. */
const EXAMPLE_CREDITOR = {
  CREANCIER_NOM: 'Suivi',
  CREANCIER_IBAN: 'FR7630006000011234567890189',
  CREANCIER_BIC: 'AGRIFRPP',
  CREANCIER_ICS: 'FR72ZZZ123456',
};

/** Here the services run in one process and share its database connections. */
const SERVICES_DATABASE_POOL = '10';

export interface SettingsInput {
  /** The user's settings, which have precedence. An empty value counts as none. */
  env: NodeJS.ProcessEnv;
  dataDir: string;
  offset: number;
  ports: ServerPorts;
  secrets: Secrets;
}

/** All settings that a process or a client needs to run against this platform. */
export function platformSettings({
  env,
  dataDir,
  offset,
  ports,
  secrets,
}: SettingsInput): Record<string, string> {
  const madeUp: Record<string, string> = {
    DATABASE_URL: postgresUrl(ports.postgres, secrets.postgresPassword),
    NATS_URL: `nats://127.0.0.1:${ports.nats}`,
    TEMPORAL_ADDRESS: `127.0.0.1:${ports.temporal}`,
    TEMPORAL_NAMESPACE: 'crm',
    SMTP_URL: `smtp://127.0.0.1:${ports.smtp}`,
    REFLECTION_ENABLED: 'true',
    BANK_DIR: join(dataDir, 'bank'),
    IBAN_KEYS: `local:${secrets.ibanKey}`,
    CONSOLE_KEYS: `local:${secrets.consoleKey}`,
    ...EXAMPLE_CREDITOR,
  };
  if (!env.TEMPORAL_ADDRESS) madeUp.TEMPORAL_UI_URL = `http://127.0.0.1:${ports.temporalUi}`;
  if (!env.SMTP_URL) madeUp.MAIL_INBOX_URL = `http://127.0.0.1:${ports.mailInbox}`;
  if (canSignIn(env)) madeUp.CONSOLE_URL = `http://127.0.0.1:${ports.console}`;
  if (!env.KEYCLOAK_REALM_URL) madeUp.JWT_SECRET = secrets.jwtSecret; // exactly one of the two must be set
  const names = [...Object.keys(madeUp), 'TEMPORAL_UI_URL', 'MAIL_INBOX_URL', 'JWT_SECRET', ...PASSED_ON];
  const said = Object.fromEntries(names.flatMap((name) => (env[name] ? [[name, env[name]]] : [])));
  return { ...madeUp, ...said, PORT_OFFSET: String(offset), DATA_DIR: dataDir };
}

/** Whether people can sign in at the console: at a realm it needs a secret, which nobody can make up. */
const canSignIn = (env: NodeJS.ProcessEnv): boolean =>
  !env.KEYCLOAK_REALM_URL || Boolean(env.CONSOLE_CLIENT_SECRET);

/** The complete environment of a process of our code. */
export function processEnvironment(
  name: CodeProcess,
  { env, ports }: SettingsInput,
  settings: Record<string, string>,
): NodeJS.ProcessEnv {
  return {
    ...systemEnvironment(),
    ...(name === 'services' ? { DATABASE_POOL: SERVICES_DATABASE_POOL } : {}),
    ...env,
    ...settings,
    // without a realm it lets everybody in, so it is not for other machines, whatever the services are
    ...(name === 'console' ? { HOST: '127.0.0.1' } : {}),
    METRICS_PORT: String(ports[`${name}Metrics`]),
  };
}
