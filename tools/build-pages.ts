import { execFile } from 'node:child_process';
import { readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { ROOT } from './data-folder.ts';
import { generate } from './generate.ts';
import { makeFrom } from './make-from.ts';

const WEB = 'services/console/web';
const BUILT = join(ROOT, 'services/console/gen/pages');

/**
 * Builds the pages of the console, if their sources have changed since the last time; the code generated from the protos
 * has to be there. In a process of its own, since the bundler takes a lot of memory. Returns whether there was anything
 * to do.
 */
export async function buildPages(): Promise<boolean> {
  const kept = { stamp: join(BUILT, '.stamp'), lock: join(ROOT, '.tools/pages.lock') };
  return await makeFrom(sources(), kept, async () => {
    const vite = join(ROOT, 'node_modules/vite/bin/vite.js');
    const fresh = `${BUILT}-new`;
    const args = [vite, 'build', '--config', `${WEB}/vite.config.ts`, '--outDir', fresh];
    await promisify(execFile)(process.execPath, args, {
      cwd: ROOT,
      env: { ...process.env, NODE_ENV: 'production' },
    });
    // at once: a console may be serving the old ones
    rmSync(BUILT, { recursive: true, force: true });
    renameSync(fresh, BUILT);
  });
}

/** What the pages are made of; package.json has the versions of the packages in them. */
function sources(): string[] {
  const [proto, web] = ['proto', WEB].map((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' }).map((name) => `${folder}/${name}`),
  );
  return [
    'package.json',
    'services/console/buf.gen.yaml',
    ...proto!.filter((name) => /^proto\/(?!gen|buf|grpc).*\.proto$/.test(name)),
    ...web!.filter((name) => /\.(tsx?|css|html|svg|json|woff2)$/.test(name)),
  ];
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await generate();
  console.log((await buildPages()) ? 'built' : 'up to date');
}
