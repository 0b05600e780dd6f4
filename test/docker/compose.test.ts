import { config as readConfig } from '@crm/kit';
import { PORTS, type ServiceName } from '@crm/kit/ports';
import { resolveBinary } from '@crm/tools/binaries';
import { ROOT } from '@crm/tools/data-folder';
import { execFile, execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { parse } from 'yaml';
import { localOf, specOf } from './spec-of.ts';

type Container = {
  image: string;
  command?: string[];
  environment?: Record<string, string | number | null>;
  depends_on?: Record<string, { condition: string }>;
  healthcheck?: { test: string[]; disable?: boolean };
  ports?: string[];
  volumes?: string[];
};

const file = join(ROOT, 'docker/compose.yaml');
const text = readFileSync(file, 'utf8');
const { services: containers } = parse(text, { merge: true, maxAliasCount: -1 }) as {
  services: Record<string, Container>;
};
const example = readFileSync(join(ROOT, 'docker/.env.example'), 'utf8');

/** The example filled in. */
const filledIn = Object.fromEntries(
  [...example.matchAll(/^(\w+)=$/gm)].map(([, name]) => [
    name!,
    name!.endsWith('_URL')
      ? 'https://example.org'
      : name!.endsWith('_KEYS')
        ? `k:${'A'.repeat(43)}=`
        : 'a@example.org',
  ]),
);

/** The environment of a container, variables replaced. */
const environmentOf = (name: string): Record<string, string> =>
  Object.fromEntries(
    Object.entries(containers[name]!.environment ?? {}).flatMap(([key, value]) =>
      value === null ? [] : [[key, interpolate(String(value))]],
    ),
  );

const interpolate = (value: string): string =>
  value.replaceAll(
    /\$\{(\w+)(?::-([^}]*)|:\?[^}]*)?\}/g,
    (_, name: string, other = '') => filledIn[name] ?? (other as string),
  );

const ours = Object.keys(containers).filter((name) => containers[name]!.image.startsWith('suivi:'));
const serviceNames = Object.keys(PORTS) as ServiceName[];

test('there are the services, relay, bridge, worker, and what they stand on', () => {
  const others = [
    'postgres',
    'nats',
    'temporal-schema',
    'temporal',
    'temporal-ui',
    'keycloak',
    'mail',
    'migrations',
    'console',
  ];
  expect(Object.keys(containers).sort()).toEqual(
    [...serviceNames, ...others, 'relay', 'bridge', 'worker'].sort(),
  );
});

test.each(serviceNames)('%s runs itself on its port and is found by the others', (name) => {
  expect(containers[name]!.command).toEqual(['services/main.ts', name]);
  expect(containers[name]!.ports).toEqual([`127.0.0.1:${PORTS[name]}:${PORTS[name]}`]);
  for (const other of ours) {
    expect(environmentOf(other)[`${name.toUpperCase()}_ADDRESS`]).toBe(`${name}:${PORTS[name]}`);
  }
});

test.each(ours)('%s is told all that its configuration requires', async (name) => {
  const spec = await specOf(containers[name]!.command!);
  expect(() => readConfig(spec, environmentOf(name))).not.toThrow();
});

test.each(ours)('%s looks for nothing inside itself that is in another container', async (name) => {
  const local = localOf(await specOf(containers[name]!.command!));
  if (name === 'relance' || name === 'retry') expect(local).toContain('TEMPORAL_ADDRESS');
  const environment = environmentOf(name);
  expect(local.filter((key) => !environment[key])).toEqual([]);
  expect(JSON.stringify(environment)).not.toMatch(/127\.0\.0\.1|localhost/);
});

test('each starts after what it needs, which says when it is ready', () => {
  for (const name of ours) expect(Object.keys(containers[name]!.depends_on ?? {})).not.toHaveLength(0);
  for (const [name, { depends_on: needs = {} }] of Object.entries(containers)) {
    for (const [needed, { condition }] of Object.entries(needs)) {
      const { healthcheck } = containers[needed]!;
      if (condition === 'service_healthy') expect([name, needed, healthcheck?.test]).not.toContain(undefined);
      else expect([name, needed, condition]).toEqual([name, needed, 'service_completed_successfully']);
    }
  }
  expect(containers.clients!.depends_on!.migrations!.condition).toBe('service_completed_successfully');
});

test('no secret is written down, none has a default, and all are in .env.example without a value', () => {
  for (const [name, { environment = {} }] of Object.entries(containers)) {
    for (const [key, value] of Object.entries(environment)) {
      if (!/PASSWORD|PWD|SECRET|KEYS$|DATABASE_URL|NATS_URL/.test(key) || key === 'KEYCLOAK_TRY_PASSWORD')
        continue;
      expect([name, key, value]).toEqual([name, key, expect.stringMatching(/\$\{\w+:\?[^}]*\}/)]);
    }
  }
  const required = [...text.matchAll(/\$\{(\w+):\?/g)].map(([, name]) => name);
  expect(Object.keys(filledIn).sort()).toEqual([...new Set(required)].sort());
});

test('identity is Keycloak’s, reflection is off, nothing is published beyond this machine', () => {
  for (const name of ours) {
    expect(environmentOf(name)).toMatchObject({
      REFLECTION_ENABLED: 'false',
      KEYCLOAK_REALM_URL: expect.any(String) as string,
    });
    expect(environmentOf(name)).not.toHaveProperty('JWT_SECRET');
  }
  const published = Object.values(containers).flatMap(({ ports = [] }) => ports);
  expect(published.filter((port) => !port.startsWith('127.0.0.1:'))).toEqual([]);
  expect(published).toEqual(expect.arrayContaining(['127.0.0.1:4222:4222', '127.0.0.1:8222:8222']));
});

test('workers, and nothing else, are told which build they are, where there are several', () => {
  const told = ours.filter((name) => 'TEMPORAL_WORKER_BUILD_ID' in (containers[name]!.environment ?? {}));
  expect(told.sort()).toEqual(['bridge', 'relay', 'worker']);
  expect(containers.worker!.environment!.TEMPORAL_WORKER_BUILD_ID).toBeNull();
});

test('files that it mounts are there', () => {
  const mounted = Object.values(containers).flatMap(({ volumes = [] }) =>
    volumes.filter((volume) => volume.startsWith('.')),
  );
  expect(mounted.length).toBeGreaterThan(0);
  for (const volume of mounted) expect(existsSync(join(ROOT, 'docker', volume.split(':')[0]!))).toBe(true);
});

test('nats-server accepts its configuration', async () => {
  const nats = await resolveBinary('nats-server');
  const check = (env: Record<string, string>) =>
    promisify(execFile)(nats, ['-t', '-c', join(ROOT, 'docker/nats/nats.conf')], { env });
  await check(environmentOf('nats'));
  await expect(check({})).rejects.toThrow('NATS_PASSWORD');
});

test.each(['postgres/create-databases.sh', 'temporal/update-schema.sh'])('%s is a shell script', (script) => {
  execFileSync('sh', ['-n', join(ROOT, 'docker', script)]);
});

const compose = ['docker-compose'].find((name) => {
  try {
    return execFileSync(name, ['version', '--short'], { stdio: 'pipe' });
  } catch {
    return false;
  }
});

(compose ? describe : describe.skip)('docker-compose, where it is installed', () => {
  const config = (env: Record<string, string>) =>
    promisify(execFile)(compose!, ['--file', file, 'config', '--quiet'], {
      env: { PATH: process.env.PATH, ...env },
    });

  test('reads the file', async () => {
    await config(filledIn);
  });

  test('refuses to start without a secret, and names it', async () => {
    const { KEYCLOAK_CLIENT_SECRET: _, ...rest } = filledIn;
    await expect(config(rest)).rejects.toThrow(
      /KEYCLOAK_CLIENT_SECRET is not set|secret of the client suivi-workers/,
    );
  });
});
