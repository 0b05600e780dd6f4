import { setImmediate } from 'node:timers/promises';
import { fromBufferPromise, type ZipFile } from 'yauzl';

/** A bank report, from a call or from the folder. */
export type Source = {
  nomFichier: string;
  /** The size in bytes. */
  size: number;
  /** Its bytes from the beginning. May be called several times. */
  open(): AsyncIterable<Uint8Array>;
  /** Opens it as a zip, which the caller closes. Rejects if it is not a zip. */
  openZip(): Promise<ZipFile>;
};

const CHUNK_BYTES = 64 * 1024;

/** A report in memory. */
export const memorySource = (nomFichier: string, content: Uint8Array): Source => ({
  nomFichier,
  size: content.length,
  async *open() {
    for (let at = 0; at < content.length; at += CHUNK_BYTES) {
      yield content.subarray(at, at + CHUNK_BYTES);
      await setImmediate(); // lets other calls run
    }
  },
  openZip: () => fromBufferPromise(Buffer.from(content.buffer, content.byteOffset, content.byteLength)),
});
