import { join } from 'node:path';
import { systemEnvironment } from './server.ts';
import type { Secrets } from './data-folder.ts';
import { postgresUrl } from './postgres.ts';
import type { ServerPorts } from './ports.ts';

/** Settings that are passed on from the user's environment and never made up. */
const PASSED_ON = [
  'KEYCLOAK_REALM_URL',
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
    ...EXAMPLE_CREDITOR,
  };
  if (!env.TEMPORAL_ADDRESS) madeUp.TEMPORAL_UI_URL = `http://127.0.0.1:${ports.temporalUi}`;
  if (!env.SMTP_URL) madeUp.MAIL_INBOX_URL = `http://127.0.0.1:${ports.mailInbox}`;
  if (!env.KEYCLOAK_REALM_URL) madeUp.JWT_SECRET = secrets.jwtSecret; // exactly one of the two must be set
  const names = [...Object.keys(madeUp), 'TEMPORAL_UI_URL', 'MAIL_INBOX_URL', 'JWT_SECRET', ...PASSED_ON];
  const said = Object.fromEntries(names.flatMap((name) => (env[name] ? [[name, env[name]]] : [])));
  return { ...madeUp, ...said, PORT_OFFSET: String(offset), DATA_DIR: dataDir };
}

/** The complete environment of the services' or the workers' process. */
export function processEnvironment(
  name: 'services' | 'workers',
  { env, ports }: SettingsInput,
  settings: Record<string, string>,
): NodeJS.ProcessEnv {
  return {
    ...systemEnvironment(),
    ...(name === 'services' ? { DATABASE_POOL: SERVICES_DATABASE_POOL } : {}),
    ...env,
    ...settings,
    METRICS_PORT: String(name === 'services' ? ports.servicesMetrics : ports.workersMetrics),
  };
}
