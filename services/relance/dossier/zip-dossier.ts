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
  const mtime = new Date();
  const opened: Readable[] = [];
  for (const { name, text, bytes } of contentsOf(sources, dossier)) {
    if (text !== undefined) zip.addBuffer(Buffer.from(text), name, { mtime });
    else
      zip.addReadStreamLazy(name, { mtime }, (take) => {
        const source = Readable.from(contentOf(bytes!), { objectMode: false });
        // yazl listens to no errors of what it reads: one that nobody hears ends the process
        source.on('error', (error) => output.destroy(error));
        opened.push(source);
        take(null, source);
      });
  }
  zip.end();
  try {
    for await (const chunk of output) {
      yield chunk as Buffer;
      await setImmediate(); // other calls have their turn
    }
  } finally {
    // whoever has left, or failed: the call that is under way ends, too
    for (const source of opened) source.destroy();
  }
}

async function* contentOf(bytes: NonNullable<Entry['bytes']>): AsyncIterable<Buffer> {
  for await (const { contenu } of bytes()) yield Buffer.from(contenu);
}
