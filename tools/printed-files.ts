import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { authSpec, processSpec, serviceAccountSpec, type ConfigSpec, type Service } from '@crm/kit';
import { CONSOLE_PORT, consoleSpec } from '@crm/console/config';
import { PORTS, type ServiceName } from '@crm/kit/ports';
import { workersSpec } from '@crm/workers/config';
import { ROOT } from './data-folder.ts';
import { eventsPage } from './events-page.ts';
import { keycloakRealm } from './keycloak-realm.ts';
import { envExample, NATS_NOT_HERE } from './env-example.ts';

/** The files of the repository that are printed from its code: their texts by their paths below the root. */
export async function printedFiles(): Promise<Record<string, string>> {
  return {
    ...(await envExamples()),
    'services/console/.env.example': consoleEnvExample(),
    'workers/.env.example': workersEnvExample(),
    ...(await formatted('docs/events.md', eventsPage())),
    ...(await formatted('docker/keycloak/crm-realm.json', keycloakRealm())),
  };
}

/** Formats a text as `npm run format` would. */
async function formatted(path: string, text: string): Promise<Record<string, string>> {
  const filepath = join(ROOT, path);
  return { [path]: await format(text, { ...(await resolveConfig(filepath)), filepath }) };
}

/** For every service with a `service.ts`. */
async function envExamples(): Promise<Record<string, string>> {
  const files: Record<string, string> = {};
  for (const [name, port] of Object.entries(PORTS) as [ServiceName, number][]) {
    const file = join(ROOT, 'services', name, 'service.ts');
    if (!existsSync(file)) continue;
    const { default: service } = (await import(pathToFileURL(file).href)) as { default: Service };
    const own = Object.keys(service.config).length ? [{ title: 'This service.', spec: service.config }] : [];
    files[`services/${name}/.env.example`] = envExample(
      `The service ${name}, gRPC port ${port}: node --import tsx services/main.ts ${name}`,
      [IDENTITY, PROCESS, ...own],
      name === 'ops' ? '' : NATS_NOT_HERE,
    );
  }
  return files;
}

/** The console has no gRPC port: it is no service of the contract. */
const consoleEnvExample = (): string =>
  envExample(
    `The console, HTTP port ${CONSOLE_PORT}: node --import tsx services/main.ts console`,
    [IDENTITY, PROCESS, { title: 'The pages and their sessions.', spec: consoleSpec }],
    NATS_NOT_HERE,
  );

const workersEnvExample = (): string =>
  envExample(
    'Relay, bridge and workers: node --import tsx workers/main.ts [relay] [bridge] [events] [follow-ups]',
    [
      WORKERS_IDENTITY,
      PROCESS,
      { title: 'Events and workflows.', spec: without(workersSpec, serviceAccountSpec) },
    ],
  );

const ONE_OF_TWO =
  'Exactly one of JWT_SECRET and KEYCLOAK_REALM_URL is set; with both or with neither nothing starts. ';
const MORE = 'More in docs/auth-configuration.md.';

const IDENTITY = {
  title:
    `Whose calls are answered. ${ONE_OF_TWO}` +
    'JWT_SECRET (HS256) is for development: everybody who knows it can sign tokens. ' +
    'KEYCLOAK_REALM_URL (RS256) is for production: the keys are fetched from the realm and follow its rotations. ' +
    MORE,
  spec: authSpec as ConfigSpec,
};

/** The workers are not called: they need no settings for verifying tokens. */
const WORKERS_IDENTITY = {
  title:
    `How services know the workers, as they are told themselves. ${ONE_OF_TWO}` +
    'JWT_SECRET (HS256) is for development: the workers sign their tokens with it. ' +
    `KEYCLOAK_REALM_URL is for production: they get them there, as KEYCLOAK_CLIENT_ID. ${MORE}`,
  spec: { ...without(authSpec, { AUTH_ENABLED: true }), ...serviceAccountSpec } as ConfigSpec,
};

/** A specification without the variables of another one. */
function without(spec: object, others: object): ConfigSpec {
  return Object.fromEntries(Object.entries(spec as ConfigSpec).filter(([name]) => !(name in others)));
}

const PROCESS = { title: 'This process.', spec: without(processSpec, authSpec) };
