import { cutText } from '@crm/kit';
import type { Entry, ZipFile } from 'yauzl';
import { crc32 } from 'node:zlib';
import { fileFormat } from './file-format.ts';
import type { Source } from './source.ts';
import { UnreadableReport } from './unreadable-report.ts';

/**
 * The most files of a zip. A file per account and day of a year would be more, but EBICS delivers only what
 * is new.
 */
const MAX_FILES = 200;
/** The most bytes of all its files, unpacked. */
const MAX_TOTAL_BYTES = 256 * 1024 * 1024;
/** Reports shrink 10 to 60 times when zipped; a zip bomb up to 1,032 times. */
const MAX_RATIO = 200;
/** Smaller files may be all blanks, so their ratio is not checked. */
const RATIO_FROM_BYTES = 1024 * 1024;
/** The supported methods: stored and deflated. */
const METHODS = [0, 8];
/** Files that macOS adds to a zip. */
const OF_THE_SYSTEM = /^__MACOSX\/|(^|\/)\.DS_Store$/;

/**
 * Calls `work` for the files of a zip, one after the other, as EBICS delivers reports, each with its name
 * after that of the zip. Nothing is written to disk, and unpacked sizes are checked against those in the
 * directory.
 * @param maxBytes the most bytes of one unpacked file
 * @throws UnreadableReport if it is no zip, encrypted, too large or nested; before any file is read
 */
export async function eachZipSource(
  source: Source,
  maxBytes: number,
  work: (file: Source) => Promise<void>,
): Promise<void> {
  const zip = await source.openZip().catch(refuseZip);
  try {
    for (const entry of await readable(zip, maxBytes)) {
      const name = shown(entry);
      try {
        await work({
          nomFichier: `${cutText(source.nomFichier, 90)}/${name}`,
          size: entry.uncompressedSize,
          open: () => unpacked(zip, entry),
          openZip: () => Promise.reject(new UnreadableReport('a zip within a zip')),
        });
      } catch (error) {
        if (error instanceof UnreadableReport) throw new UnreadableReport(`${name}: ${error.message}`);
        throw error;
      }
    }
  } finally {
    zip.close();
  }
}

const shown = ({ fileName }: Entry): string => cutText(fileName, 100).replace(/\p{Cc}/gu, '_');

/** The entries of its directory that are files. */
async function readable(zip: ZipFile, maxBytes: number): Promise<Entry[]> {
  const refuse = (why: string): never => {
    throw new UnreadableReport(`zip: ${why}`);
  };
  const entries: Entry[] = [];
  let total = 0;
  try {
    for await (const entry of zip.eachEntry()) {
      if (entry.fileName.endsWith('/') || OF_THE_SYSTEM.test(entry.fileName)) continue;
      const { uncompressedSize: bytes, compressedSize, compressionMethod: method } = entry;
      const name = shown(entry);
      total += bytes;
      if (entry.isEncrypted()) refuse(`${name} is encrypted`);
      if (!METHODS.includes(method)) refuse(`${name}: compression method ${method} is not read`);
      if (bytes > maxBytes) refuse(`${name} is larger than ${maxBytes / 1024 / 1024} MiB`);
      if (total > MAX_TOTAL_BYTES)
        refuse(`its files are larger than ${MAX_TOTAL_BYTES / 1024 / 1024} MiB in all`);
      if (bytes > RATIO_FROM_BYTES && bytes > MAX_RATIO * compressedSize) {
        refuse(`${name} is more than ${MAX_RATIO} times larger unpacked`);
      }
      entries.push(entry);
      if (entries.length > MAX_FILES) refuse(`more than ${MAX_FILES} files`);
    }
  } catch (error) {
    refuseZip(error);
  }
  return entries.length > 0 ? entries : refuse('there is no file in it');
}

async function* unpacked(zip: ZipFile, entry: Entry): AsyncGenerator<Uint8Array> {
  let [sum, first] = [0, true];
  try {
    for await (const chunk of await zip.openReadStreamPromise(entry)) {
      const bytes = chunk as Buffer;
      const format = first ? fileFormat(bytes) : undefined;
      if (format)
        throw new UnreadableReport(format === 'zip' ? 'a zip within a zip' : `${format} within a zip`);
      first = false;
      sum = crc32(bytes, sum);
      yield bytes;
    }
  } catch (error) {
    refuseZip(error);
  }
  if (sum !== entry.crc32) throw new UnreadableReport('damaged: its checksum is another one');
}

/** A faulty zip is refused; a faulty disk is not the zip's fault. */
function refuseZip(error: unknown): never {
  if (error instanceof UnreadableReport || (error as NodeJS.ErrnoException).syscall) throw error;
  throw new UnreadableReport(`zip: ${(error as Error).message}`);
}
