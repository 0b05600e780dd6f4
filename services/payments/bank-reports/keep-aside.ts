import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The ending of the file with the reason. */
export const REASON = '.reason.txt';
/** File systems allow 255 bytes. An id or an instant is put before the name, and `.reason.txt` after it. */
const MAX_NAME_BYTES = 150;

/**
 * A name that is safe on every file system and still readable: no path, not hidden, no control characters.
 */
export const plainName = (name: string): string =>
  lastBytes(name.replace(/[^\p{L}\p{N}._()+ -]/gu, '_')).replace(/^\.+/, '_') || '_';

/** The end of a name, which has its extension, without cutting a character. */
function lastBytes(name: string): string {
  const bytes = Buffer.from(name);
  let from = Math.max(0, bytes.length - MAX_NAME_BYTES);
  // the further bytes of a character are 10xxxxxx
  while (from > 0 && (bytes[from]! & 0xc0) === 0x80) from += 1;
  return bytes.toString('utf8', from);
}

/**
 * Keeps a refused file, together with a file that says why. They contain bank details, so only the service's
 * user may read them. The reason is written first, so that no kept file is without one.
 */
export async function keepAside(
  folder: string,
  name: string,
  reason: string,
  file: { content: Uint8Array } | { path: string },
): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await writeFile(join(folder, `${name}${REASON}`), reasonText(name, reason), { mode: 0o600 });
  if ('path' in file) await rename(file.path, join(folder, name));
  else await writeFile(join(folder, name), file.content, { mode: 0o600 });
}

const reasonText = (name: string, reason: string): string => `${name}
${reason}

Rien de ce fichier n’a été appliqué. Demandez à la banque un fichier correct et déposez-le dans inbox/ ;
ce fichier-ci peut ensuite être supprimé.
`;
