import { ROOT } from '@crm/tools/data-folder';
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** What is made from the sources and takes long to make. */
const GENERATED = ['proto/gen', 'proto/buf', 'proto/grpc', 'prisma/generated'];

/**
 * A copy of the working tree in a folder of its own, as a repository of one commit. Installed packages and downloaded
 * binaries are those of the original, the workspaces are the copy's.
 * @returns its folder
 */
export function copyOfTree(): string {
  const folder = mkdtempSync(join(tmpdir(), 'suivi-new-'));
  const listed = ['ls-files', '-z', '--cached', '--others', '--exclude-standard'];
  const files = execFileSync('git', listed, { cwd: ROOT, encoding: 'utf8' }).split('\0').filter(Boolean);
  for (const path of [...files, ...GENERATED]) {
    if (!existsSync(join(ROOT, path))) continue;
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    cpSync(join(ROOT, path), join(folder, path), { recursive: true });
  }
  mkdirSync(join(folder, 'node_modules/@crm'), { recursive: true });
  for (const name of readdirSync(join(ROOT, 'node_modules')).filter(
    (name) => !['@crm', '.cache'].includes(name),
  ))
    symlinkSync(join(ROOT, 'node_modules', name), join(folder, 'node_modules', name));
  cpSync(join(ROOT, 'node_modules/@crm'), join(folder, 'node_modules/@crm'), {
    recursive: true,
    verbatimSymlinks: true,
  });
  mkdirSync(join(ROOT, '.tools'), { recursive: true });
  symlinkSync(join(ROOT, '.tools'), join(folder, '.tools'));
  const git = (...args: string[]) => execFileSync('git', args, { cwd: folder });
  git('init', '--quiet');
  git('add', '.');
  git(
    '-c',
    'user.name=Copy',
    '-c',
    'user.email=copy@example.org',
    'commit',
    '--quiet',
    '--no-verify',
    '--message',
    'copy',
  );
  return folder;
}
