import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** What the text that says why is called, after the file's name. */
export const REASON = '.reason.txt';
/** File systems take 255 bytes; a name gets an id or an instant before it and `.reason.txt` after it. */
const MAX_NAME_BYTES = 150;

/** A name that is safe on every file system and says what it said: no path, nothing hidden, no control characters. */
export const plainName = (name: string): string =>
  lastBytes(name.replace(/[^\p{L}\p{N}._()+ -]/gu, '_')).replace(/^\.+/, '_') || '_';

/** The end of a name, where its kind is, in whole characters. */
function lastBytes(name: string): string {
  const bytes = Buffer.from(name);
  let from = Math.max(0, bytes.length - MAX_NAME_BYTES);
  // a character's further bytes are 10xxxxxx
  while (from > 0 && (bytes[from]! & 0xc0) === 0x80) from += 1;
  return bytes.toString('utf8', from);
}

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
  await writeFile(join(folder, `${name}${REASON}`), reasonText(name, reason), { mode: 0o600 });
  if ('path' in file) await rename(file.path, join(folder, name));
  else await writeFile(join(folder, name), file.content, { mode: 0o600 });
}

const reasonText = (name: string, reason: string): string => `${name}
${reason}

Rien de ce fichier n’a été appliqué. Demandez à la banque un fichier correct et déposez-le dans inbox/ ;
ce fichier-ci peut ensuite être supprimé.
`;
