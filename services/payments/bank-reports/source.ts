import { setImmediate } from 'node:timers/promises';
import { fromBufferPromise, type ZipFile } from 'yauzl';

/** A bank's report, wherever it comes from. */
export type Source = {
  nomFichier: string;
  /** Of the whole, bytes. */
  size: number;
  /** Its bytes from the beginning, as often as asked for. */
  open(): AsyncIterable<Uint8Array>;
  /** The same as a zip, to be closed; rejects where it is none. */
  openZip(): Promise<ZipFile>;
};

const CHUNK_BYTES = 64 * 1024;

/** A report that is in memory. */
export const memorySource = (nomFichier: string, content: Uint8Array): Source => ({
  nomFichier,
  size: content.length,
  async *open() {
    for (let at = 0; at < content.length; at += CHUNK_BYTES) {
      yield content.subarray(at, at + CHUNK_BYTES);
      await setImmediate(); // other calls have their turn
    }
  },
  openZip: () => fromBufferPromise(Buffer.from(content.buffer, content.byteOffset, content.byteLength)),
});
