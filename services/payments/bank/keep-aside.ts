import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A name that is safe on every file system and says what it said: no path, nothing hidden, no control characters. */
export const plainName = (name: string): string =>
  name
    .replace(/[^\p{L}\p{N}._()+ -]/gu, '_')
    .replace(/^\.+/, '_')
    .slice(-120) || '_';

/**
 * Keeps a file that was refused, beside a text that says why. They hold bank details: for the service's user only.
 * The reason is written first: a file that is aside always has one.
 */
export async function keepAside(
  folder: string,
  name: string,
  reason: string,
  file: { content: Uint8Array } | { path: string },
): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await writeFile(join(folder, `${name}.reason.txt`), reasonText(name, reason), { mode: 0o600 });
  if ('path' in file) await rename(file.path, join(folder, name));
  else await writeFile(join(folder, name), file.content, { mode: 0o600 });
}

const reasonText = (name: string, reason: string): string => `${name}
${reason}

Rien de ce fichier n’a été appliqué. Demandez à la banque un fichier correct et déposez-le dans inbox/ ;
ce fichier-ci peut ensuite être supprimé.
`;
