import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

/**
 * Runs the Prisma CLI (`['migrate', 'deploy']`) with the schema engine from npm, so that nothing is
 * downloaded. Resolves with its output; rejects with it if it failed.
 */
export function prismaCli(args: string[], databaseUrl = ''): Promise<string> {
  const child = spawn(process.execPath, [prismaBin(), ...args], {
    cwd: root,
    env: {
      ...process.env,
      DATABASE_URL: databaseUrl,
      PRISMA_SCHEMA_ENGINE_BINARY: fileURLToPath(new URL('./schema-engine.mjs', import.meta.url)),
      CHECKPOINT_DISABLE: '1',
      PRISMA_HIDE_UPDATE_MESSAGE: '1',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += String(chunk)));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) =>
      code === 0 ? resolve(output) : reject(new Error(`prisma ${args.join(' ')} failed:\n${output}`)),
    );
  });
}

function prismaBin(): string {
  return createRequire(import.meta.url).resolve('prisma/build/index.js');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    process.stdout.write(await prismaCli(process.argv.slice(2), process.env.DATABASE_URL));
  } catch (error) {
    console.error((error as Error).message);
    process.exitCode = 1;
  }
}
