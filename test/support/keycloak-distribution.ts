import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { ROOT } from '@crm/tools/data-folder';
import { PlainError } from '@crm/tools/plain-error';

const run = promisify(execFile);

const KEYCLOAK_VERSION = '26.7.3';
/** The SHA-256 of keycloak-quarkus-dist-26.7.3.tar.gz on Maven Central. */
const SHA256 = '77657f30b7e90d70f727712ce1c967f430fd6a5e9f458d32d8c6df0635345f47';

/**
 * The folder of a Keycloak that is ready to start: that of KEYCLOAK_HOME; else the project's cache; else the
 * distribution from Maven Central (downloaded once, its sha256 checked). Keycloak's build step, which takes
 * half a minute, is done here once: an in-memory database, and health.
 */
export async function keycloakDistribution(env: NodeJS.ProcessEnv = process.env): Promise<string> {
  const named = env.KEYCLOAK_HOME;
  if (named) {
    if (existsSync(join(named, 'lib/quarkus-run.jar'))) return named;
    throw new PlainError(`KEYCLOAK_HOME=${named} holds no Keycloak.`);
  }
  const parent = join(ROOT, '.tools/keycloak');
  const folder = join(parent, KEYCLOAK_VERSION);
  if (existsSync(folder)) return folder;
  mkdirSync(parent, { recursive: true });
  const draft = mkdtempSync(join(parent, '.draft-'));
  try {
    await install(draft);
    renameSync(join(draft, `keycloak-${KEYCLOAK_VERSION}`), folder);
  } catch (error) {
    if (!existsSync(folder)) throw unavailable(error); // otherwise another process was faster
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
  return folder;
}

async function install(draft: string): Promise<void> {
  const artifact = `org.keycloak:keycloak-quarkus-dist:${KEYCLOAK_VERSION}:tar.gz`;
  await run('mvn', ['-q', '-B', 'dependency:copy', `-Dartifact=${artifact}`, `-DoutputDirectory=${draft}`], {
    cwd: draft,
  });
  const archive = join(draft, `keycloak-quarkus-dist-${KEYCLOAK_VERSION}.tar.gz`);
  const hash = createHash('sha256');
  await pipeline(createReadStream(archive), hash);
  const found = hash.digest('hex');
  if (found !== SHA256) throw new Error(`the sha256 of ${artifact} is ${found} and not ${SHA256}`);
  await run('tar', ['xzf', archive, '-C', draft]);
  const kc = join(draft, `keycloak-${KEYCLOAK_VERSION}`, 'bin/kc.sh');
  await run(kc, ['build', '--db=dev-mem', '--health-enabled=true']);
}

function unavailable(error: unknown): PlainError {
  const { code, path, message } = error as NodeJS.ErrnoException;
  const why = code === 'ENOENT' ? `${path} is not installed` : message.trim().split('\n').slice(-1)[0];
  return new PlainError(
    `Keycloak ${KEYCLOAK_VERSION} could not be had from Maven Central (${why}). ` +
      'Name an installed one, built with --db=dev-mem --health-enabled=true: KEYCLOAK_HOME=/path/to/keycloak',
  );
}
