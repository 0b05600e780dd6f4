import { setImmediate } from 'node:timers/promises';
import { Readable } from 'node:stream';
import { ZipFile } from 'yazl';
import { contentsOf, type Entry } from './contents.ts';
import type { Dossier, DossierSources } from './read-dossier.ts';

/**
 * A dossier as a zip, while it is being made: what comes from elsewhere is asked for when its turn comes, and held no
 * longer than until it was taken. Names are UTF-8.
 */
export async function* zipDossier(sources: DossierSources, dossier: Dossier): AsyncIterable<Buffer> {
  const zip = new ZipFile();
  const output = zip.outputStream as Readable;
  // yazl tells of an entry that fails here, and leaves the output open
  zip.on('error', (error: Error) => output.destroy(error));
  const mtime = new Date();
  for (const { name, ...entry } of contentsOf(sources, dossier)) addTo(zip, name, entry, mtime);
  zip.end();
  for await (const chunk of output) {
    yield chunk as Buffer;
    await setImmediate(); // other calls have their turn
  }
}

function addTo(zip: ZipFile, name: string, { text, bytes }: Omit<Entry, 'name'>, mtime: Date): void {
  if (text !== undefined) zip.addBuffer(Buffer.from(text), name, { mtime });
  else
    zip.addReadStreamLazy(name, { mtime }, (take) =>
      take(null, Readable.from(contentOf(bytes!), { objectMode: false })),
    );
}

async function* contentOf(bytes: () => AsyncIterable<{ contenu: Uint8Array }>): AsyncIterable<Buffer> {
  for await (const { contenu } of bytes()) yield Buffer.from(contenu);
}
