import { setImmediate } from 'node:timers/promises';
import { Readable } from 'node:stream';
import { ZipFile } from 'yazl';
import { contentsOf, type Entry } from './contents.ts';
import type { Dossier, DossierSources } from './read-dossier.ts';

/**
 * Makes a dossier's zip while it is downloaded. Files from other services are requested when their turn
 * comes, and kept only until they are sent. File names are UTF-8.
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
        // yazl does not handle errors of its inputs, and an unhandled one would end the process
        source.on('error', (error) => output.destroy(error));
        opened.push(source);
        take(null, source);
      });
  }
  zip.end();
  try {
    for await (const chunk of output) {
      yield chunk as Buffer;
      await setImmediate(); // lets other calls run
    }
  } finally {
    // the caller has left, or something failed: end the running calls too
    for (const source of opened) source.destroy();
  }
}

async function* contentOf(bytes: NonNullable<Entry['bytes']>): AsyncIterable<Buffer> {
  for await (const { contenu } of bytes()) yield Buffer.from(contenu);
}
