import { config as readConfig } from '@crm/kit';
import { PORTS, type ServiceName } from '@crm/kit/ports';
import { ROOT } from '@crm/tools/data-folder';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigMap, PersistentVolumeClaim, Service } from 'kubernetes-models/v1';
import { Deployment } from 'kubernetes-models/apps/v1';
import { parse, parseAllDocuments } from 'yaml';
import { localOf, specOf } from './spec-of.ts';

type Value = { name: string; value?: string; valueFrom?: { secretKeyRef?: { name: string; key: string } } };
type Container = { args: string[]; env: Value[]; ports?: { containerPort: number; name: string }[] } & Record<
  'readinessProbe' | 'startupProbe',
  { httpGet: { path: string; port: string } } | undefined
>;
type Pod = {
  containers: [Container];
  initContainers: [Container];
  terminationGracePeriodSeconds: number;
  volumes: { persistentVolumeClaim?: { claimName: string } }[];
};
type Manifest = {
  kind: string;
  metadata: { name: string };
  data?: Record<string, string>;
  spec: {
    selector: Record<string, string> & { matchLabels?: Record<string, string> };
    ports: { port: number }[];
    template: { metadata: { labels: Record<string, string> }; spec: Pod };
  };
};

const SCHEMAS = { Deployment, Service, ConfigMap, PersistentVolumeClaim };
/** These come from the secret `suivi` and must not be written anywhere. */
const SECRETS = [
  'DATABASE_URL',
  'NATS_URL',
  'KEYCLOAK_CLIENT_SECRET',
  'SMTP_URL',
  'IBAN_KEYS',
  'CONSOLE_KEYS',
  'CONSOLE_CLIENT_SECRET',
];
const MIGHT_BE: Record<string, string> = {
  IBAN_KEYS: `k:${'A'.repeat(43)}=`,
  CONSOLE_KEYS: `k:${'A'.repeat(43)}=`,
  SMTP_URL: 'smtps://u:p@smtp.example.org',
};
const folder = join(ROOT, 'docker/k8s');
const kubectl = (args: string[], input?: string) =>
  execFileSync('kubectl', args, { input, encoding: 'utf8', stdio: ['pipe', 'pipe', 'pipe'] });

let isThere = true;
try {
  kubectl(['kustomize', '--help']);
} catch {
  isThere = false;
}

/** The manifests that are applied to a cluster. */
const manifestsOf = (...folders: string[]): Manifest[] =>
  folders.flatMap((name) =>
    parseAllDocuments(kubectl(['kustomize', join(folder, name)])).map((read) => read.toJSON() as Manifest),
  );

(isThere ? describe : describe.skip)('manifests, as kubectl puts them together', () => {
  const manifests = isThere ? manifestsOf('suivi', 'workers') : [];
  const of = (kind: string) => manifests.filter((manifest) => manifest.kind === kind);
  const deployments = of('Deployment').map((one): [string, Manifest] => [one.metadata.name, one]);
  const containerOf = ({ spec }: Manifest) => spec.template.spec.containers[0];
  const configMap = of('ConfigMap')[0]?.data ?? {};

  /** A container's environment, with made-up secrets. */
  const environmentOf = (manifest: Manifest): Record<string, string> => ({
    ...configMap,
    ...Object.fromEntries(
      containerOf(manifest).env.map(({ name, value, valueFrom }) => [
        name,
        value ?? MIGHT_BE[valueFrom?.secretKeyRef?.key ?? ''] ?? 'a',
      ]),
    ),
  });

  test.each(manifests.map((one): [string, string, Manifest] => [one.kind, one.metadata.name, one]))(
    '%s %s is one by the schema of Kubernetes',
    (kind, _, manifest) => {
      const Model = SCHEMAS[kind as keyof typeof SCHEMAS];
      new Model(manifest as never).validate();
    },
  );

  test('kubectl knows every field', () => {
    for (const [name, manifest] of deployments) {
      // sets a variable as kubectl would, without a server; unknown fields are dropped
      const set = ['set', 'env', '--local', '--filename=-', 'A=b', '--output=json'];
      const known = JSON.parse(kubectl(set, JSON.stringify(manifest))) as Manifest;
      expect([name, known]).toMatchObject([name, { spec: withoutEnv(manifest) }]);
    }
  });

  test('every service is run once, under its name’s address', () => {
    for (const [name, port] of Object.entries(PORTS) as [ServiceName, number][]) {
      const [host] = (configMap[`${name.toUpperCase()}_ADDRESS`] ?? '').split(':');
      expect([name, configMap[`${name.toUpperCase()}_ADDRESS`]]).toEqual([name, `${host}:${port}`]);
      const found = of('Service').find(({ metadata }) => metadata.name === host);
      expect(found?.spec.ports.map((one) => one.port)).toContain(port);
      const running = deployments.filter(([, one]) => {
        const { args } = containerOf(one);
        return args[0] === 'services/main.ts' && args.includes(name);
      });
      expect(running).toHaveLength(1);
      expect(running[0]![1].spec.template.metadata.labels).toMatchObject(found!.spec.selector);
    }
  });

  test('relay, bridge beside events and follow-ups run, and only workers are of a build', () => {
    const parts = deployments.filter(([, one]) => containerOf(one).args[0] === 'workers/main.ts');
    expect(parts.flatMap(([, one]) => containerOf(one).args.slice(1)).sort()).toEqual(
      ['bridge', 'events', 'follow-ups', 'relay'].sort(),
    );
    for (const [name, manifest] of deployments) {
      const build = containerOf(manifest).env.find((one) => one.name === 'TEMPORAL_WORKER_BUILD_ID');
      const { matchLabels } = manifest.spec.selector;
      if (!/bridge|follow-ups/.test(name)) expect([name, build]).toEqual([name, undefined]);
      else {
        expect(build?.valueFrom).toEqual({ fieldRef: { fieldPath: "metadata.labels['build']" } });
        // two builds exist side by side: neither may select the other's pods
        expect(name.endsWith(`-${matchLabels!.build}`)).toBe(true);
        expect(manifest.spec.template.metadata.labels).toMatchObject(matchLabels!);
      }
    }
  });

  test.each(deployments)(
    '%s is told all that its configuration requires, and where all is',
    async (_, one) => {
      const spec = await specOf(containerOf(one).args);
      const environment = environmentOf(one);
      expect(() => readConfig(spec, environment)).not.toThrow();
      expect(localOf(spec).filter((key) => !environment[key])).toEqual([]);
      expect(JSON.stringify(environment)).not.toMatch(/127\.0\.0\.1|localhost/);
    },
  );

  test.each(deployments)('%s says when it is ready, and is given the time to drain', (_, one) => {
    const { template } = one.spec;
    const { readinessProbe, startupProbe, ports } = containerOf(one);
    for (const probe of [readinessProbe, startupProbe]) {
      expect(probe?.httpGet).toEqual({ path: '/readyz', port: 'metrics' });
    }
    expect(ports).toContainEqual({ name: 'metrics', containerPort: Number(configMap.METRICS_PORT) });
    expect(template.spec.terminationGracePeriodSeconds).toBeGreaterThan(8);
    expect(template.spec.initContainers[0].args).toEqual(['prisma/cli.ts', 'migrate', 'deploy']);
    const claims = of('PersistentVolumeClaim').map(({ metadata }) => metadata.name);
    for (const { persistentVolumeClaim } of template.spec.volumes) {
      if (persistentVolumeClaim) expect(claims).toContain(persistentVolumeClaim.claimName);
    }
  });

  test('secrets come from the secret, and are said where it is made', () => {
    const taken = new Set<string>();
    for (const [, one] of deployments) {
      for (const { name, value, valueFrom } of containerOf(one).env) {
        if (!SECRETS.includes(name)) continue;
        expect([name, value, valueFrom]).toEqual([
          name,
          undefined,
          { secretKeyRef: { name: 'suivi', key: name } },
        ]);
        taken.add(name);
      }
    }
    expect([...taken].sort()).toEqual([...SECRETS].sort());
    expect(Object.keys(configMap).filter((key) => /PASSWORD|SECRET|_KEYS$|_URL$/.test(key))).toEqual([
      'KEYCLOAK_REALM_URL',
    ]);
    const said = readFileSync(join(folder, 'suivi/kustomization.yaml'), 'utf8');
    for (const name of SECRETS) expect(said).toContain(name);
  });

  test('what compose tells a process it is told here, too', () => {
    type Compose = Record<string, { image: string; command?: string[]; environment?: object }>;
    const text = readFileSync(join(ROOT, 'docker/compose.yaml'), 'utf8');
    const { services } = parse(text, { merge: true, maxAliasCount: -1 }) as { services: Compose };
    for (const { image, command, environment = {} } of Object.values(services)) {
      const [script, ...names] = command ?? [];
      if (!image.startsWith('suivi:') || script === 'prisma/cli.ts') continue;
      const [, here] = deployments.find(([, one]) => {
        const { args } = containerOf(one);
        return args[0] === script && names.every((name) => args.includes(name));
      })!;
      const told = Object.entries(environment).flatMap(([key, value]) => (value === null ? [] : [key]));
      expect([command, told.filter((key) => !(key in environmentOf(here)) && key !== 'LOG_LEVEL')]).toEqual([
        command,
        [],
      ]);
    }
  });
});

/** The part that `kubectl set env` must not change. */
const withoutEnv = ({ spec }: Manifest): object => {
  const { containers, initContainers, ...pod } = spec.template.spec;
  const bare = containers.map(({ env: _, ...container }) => container);
  const first = initContainers.map(({ env: _, ...container }) => container);
  const { metadata } = spec.template;
  return {
    ...spec,
    template: { metadata, spec: { ...pod, containers: bare, initContainers: first } },
  };
};
