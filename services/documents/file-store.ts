import { createHash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { status } from '@grpc/grpc-js';
import { RpcError } from '@crm/kit';

/** The most bytes of one message of a stream. */
const CHUNK_BYTES = 64 * 1024;
/** A temporary file that is older than this was abandoned. */
const ABANDONED_AFTER_MS = 3600_000;

/** Received bytes, on disk under a temporary name. */
export type Incoming = {
  sha256: string;
  /** Moves them to the name of their checksum, unless it exists. Requires the lock of that checksum. */
  keep(): Promise<void>;
  /** Deletes them if they were not kept. */
  discard(): Promise<void>;
};

/** Files named by the SHA-256 of their bytes. They never change and are not writable. */
export type FileStore = ReturnType<typeof fileStore>;

/** @param folder created if it does not exist */
export function fileStore(folder: string) {
  const incoming = join(folder, 'incoming');
  const pathOf = (sha256: string) => join(folder, sha256.slice(0, 2), sha256);
  return {
    /** Writes bytes durably to disk. Call it before anything refers to them. */
    async receive(bytes: Uint8Array): Promise<Incoming> {
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      const temporary = join(incoming, randomUUID());
      await mkdir(incoming, { recursive: true });
      const discard = () => rm(temporary, { force: true });
      try {
        await writeDurably(temporary, bytes);
      } catch (error) {
        await discard();
        throw error;
      }
      const keep = async () => {
        const path = pathOf(sha256);
        await mkdir(dirname(path), { recursive: true });
        // a damaged file is replaced; an intact one is not written again
        if (!(await isIntact(path, sha256))) await rename(temporary, path);
        await syncFolder(dirname(path));
        await syncFolder(folder);
      };
      return { sha256, keep, discard };
    },

    /** Deletes what dead processes were writing. */
    async discardAbandoned(): Promise<void> {
      await mkdir(incoming, { recursive: true });
      for (const name of await readdir(incoming)) {
        const path = join(incoming, name);
        // another process may have kept or discarded it by now
        const since = await stat(path).catch(() => undefined);
        if (since && Date.now() - since.mtimeMs > ABANDONED_AFTER_MS) await rm(path, { force: true });
      }
    },

    /** Deletes a file. Requires the lock of its checksum. */
    remove: (sha256: string): Promise<void> => rm(pathOf(sha256), { force: true }),

    /**
     * Streams a file. Its checksum is verified before the first byte is sent, and again while sending.
     * @throws {RpcError} DATA_LOSS: the bytes have changed, or are gone
     */
    async *read(sha256: string): AsyncIterable<Buffer> {
      for await (const _ of checked(pathOf(sha256), sha256));
      yield* checked(pathOf(sha256), sha256);
    },
  };
}

async function* checked(path: string, sha256: string): AsyncIterable<Buffer> {
  const hash = createHash('sha256');
  try {
    for await (const chunk of createReadStream(path, { highWaterMark: CHUNK_BYTES })) {
      hash.update(chunk as Buffer);
      yield chunk as Buffer;
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') throw dataLoss(`file ${sha256} is missing`);
    throw error;
  }
  if (hash.digest('hex') !== sha256) throw dataLoss(`file ${sha256} does not have its checksum`);
}

const dataLoss = (message: string): RpcError => new RpcError(status.DATA_LOSS, message);

async function isIntact(path: string, sha256: string): Promise<boolean> {
  try {
    for await (const _ of checked(path, sha256));
    return true;
  } catch (error) {
    if (error instanceof RpcError) return false;
    throw error;
  }
}

/** Writes bytes that survive a power cut; the file is read-only. */
async function writeDurably(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, 'wx', 0o440);
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** A file's name survives a power cut only after its folder was synced. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path);
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
