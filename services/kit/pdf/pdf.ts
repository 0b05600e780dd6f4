import PQueue from 'p-queue';
import { Piscina } from 'piscina';
import type { Content, TDocumentDefinitions, TDocumentInformation } from 'pdfmake/interfaces.js';
import { unavailable } from '../rpc/errors.ts';

/**
 * A document for pdfmake (https://pdfmake.github.io/docs), in Roboto by default. Plain data, because
 * functions cannot be passed to the rendering thread.
 */
export type PdfDefinition = Omit<TDocumentDefinitions, 'header' | 'footer' | 'background'> & {
  /**
   * The creation date is part of the file and its id: taken from the data, the same data gives the same
   * bytes.
   */
  info: TDocumentInformation & { creationDate: Date };
  /** The footer of each page; `{page}` and `{pages}` are replaced by numbers. */
  footer?: Content;
};

/** A thread that is idle for this long, in milliseconds, ends and frees its memory. */
const IDLE_MS = 60_000;

/**
 * Rendering takes tens of milliseconds without a pause: it runs in a thread of its own with a low priority.
 */
const threads = new Piscina<PdfDefinition, Uint8Array>({
  filename: new URL('./pdf-thread.ts', import.meta.url).href,
  execArgv: ['--import', 'tsx'],
  minThreads: 0,
  maxThreads: 1,
  idleTimeout: IDLE_MS,
  niceIncrement: 10,
});

/** The most waiting documents: at half a second for a large one, the last waits less than a minute. */
const MOST_WAITING = 100;

/** A queue before the thread: a document that nobody waits for any more is not rendered. */
const turns = new PQueue({ concurrency: 1 });

/**
 * Renders a document. It may use pdfmake's fonts, but no other file and nothing from the network.
 * @param signal aborted when the caller has gone: a waiting document is then dropped. One that is being
 *   rendered is finished, because a new thread would cost more.
 * @throws {RpcError} UNAVAILABLE PDF_QUEUE: too many documents are waiting
 */
export async function renderPdf(definition: PdfDefinition, signal?: AbortSignal): Promise<Buffer> {
  if (turns.size >= MOST_WAITING) {
    throw unavailable(
      'PDF_QUEUE',
      `${MOST_WAITING} documents are waiting to be rendered: try again in a minute`,
    );
  }
  const pdf = await turns.add(async () => {
    signal?.throwIfAborted();
    return await threads.run(definition);
  });
  return Buffer.from(pdf);
}
