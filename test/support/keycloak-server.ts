import { cpSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startChild, type Child } from '@crm/tools/child';
import { keycloakDistribution } from './keycloak-distribution.ts';
import { httpGet } from '@crm/tools/http-get';
import { keycloakRealm } from '@crm/tools/keycloak-realm';
import { systemEnvironment } from '@crm/tools/server';

export type KeycloakSettings = {
  /** Opened by `openDataFolder`. */
  dataDir: string;
  port: number;
  managementPort: number;
  /** What the realm file names (`KEYCLOAK_CLIENT_SECRET`) and Keycloak reads (`KC_BOOTSTRAP_ADMIN_…`). */
  env: Record<string, string>;
};

/** Enough for one realm: half of what Keycloak takes by default. */
const MEMORY = [
  '-Xms64m',
  '-Xmx320m',
  '-XX:MaxMetaspaceSize=192m',
  '-XX:+UseSerialGC',
  '-XX:TieredStopAtLevel=1',
];

/** As bin/kc.sh has them. */
const OPENS = ['java.util', 'java.util.concurrent', 'java.security', 'java.lang'].map(
  (name) => `--add-opens=java.base/${name}=ALL-UNNAMED`,
);

/**
 * Starts Keycloak on 127.0.0.1 with the realm of docker/keycloak, all in memory. It starts Java, not
 * bin/kc.sh, so that the pid is Keycloak's; with a home of its own, so that several can run from one
 * distribution.
 */
export async function startKeycloak({
  dataDir,
  port,
  managementPort,
  env,
}: KeycloakSettings): Promise<Child> {
  const distribution = await keycloakDistribution();
  const home = join(dataDir, 'keycloak');
  for (const folder of ['data/import', 'data/tmp', 'providers', 'themes']) {
    mkdirSync(join(home, folder), { recursive: true });
  }
  cpSync(join(distribution, 'conf'), join(home, 'conf'), { recursive: true });
  symlinkSync(join(distribution, 'lib'), join(home, 'lib'));
  writeFileSync(join(home, 'data/import/crm-realm.json'), keycloakRealm());
  const java = process.env.JAVA_HOME ? join(process.env.JAVA_HOME, 'bin/java') : 'java';
  return await startChild(
    {
      name: 'keycloak',
      title: 'Keycloak',
      file: java,
      args: [
        ...[...MEMORY, ...OPENS],
        '-Djava.util.concurrent.ForkJoinPool.common.threadFactory=io.quarkus.bootstrap.forkjoin.QuarkusForkJoinWorkerThreadFactory',
        ...['-Djava.util.logging.manager=org.jboss.logmanager.LogManager', `-Dkc.home.dir=${home}`],
        ...['-cp', join(home, 'lib/quarkus-run.jar'), 'io.quarkus.bootstrap.runner.QuarkusEntryPoint'],
        ...['start', '--optimized', '--import-realm', '--cache=local', '--http-enabled=true'],
        ...['--http-host=127.0.0.1', `--http-port=${port}`, `--hostname=http://127.0.0.1:${port}`],
        ...['--http-management-host=127.0.0.1', `--http-management-port=${managementPort}`],
      ],
      cwd: home,
      env: { ...systemEnvironment(), ...env },
      stopSignal: 'SIGTERM',
      ready: async () => (await httpGet(managementPort, '/health/ready')).status === 200,
      readyWithinMs: 120_000,
    },
    dataDir,
  );
}
