import PQueue from 'p-queue';
import { Piscina } from 'piscina';
import type { Content, TDocumentDefinitions, TDocumentInformation } from 'pdfmake/interfaces.js';
import { unavailable } from '../rpc/errors.ts';

/**
 * A document as pdfmake takes it (https://pdfmake.github.io/docs), in Roboto unless it says otherwise. It is plain
 * data: functions do not pass to the thread that renders it.
 */
export type PdfDefinition = Omit<TDocumentDefinitions, 'header' | 'footer' | 'background'> & {
  /** The creation date is part of the file and of its id: one taken from the data makes the same data the same bytes. */
  info: TDocumentInformation & { creationDate: Date };
  /** At the foot of each page; `{page}` and `{pages}` in its texts stand for the numbers. */
  footer?: Content;
};

/** A thread that has had nothing to do for this long gives its memory back, in milliseconds. */
const IDLE_MS = 60_000;

/** Rendering takes tens of milliseconds at a stretch: in a thread of its own, and behind callers on a busy machine. */
const threads = new Piscina<PdfDefinition, Uint8Array>({
  filename: new URL('./pdf-thread.ts', import.meta.url).href,
  execArgv: ['--import', 'tsx'],
  minThreads: 0,
  maxThreads: 1,
  idleTimeout: IDLE_MS,
  niceIncrement: 10,
});

/** So many documents wait for the thread at most: at half a second for a large one, the last one waits for less than a minute. */
const MOST_WAITING = 100;

/** In front of the thread: a document whose turn comes when nobody waits for it any more is not rendered. */
const turns = new PQueue({ concurrency: 1 });

/**
 * Renders a document. It may show the fonts that come with pdfmake, no other file and nothing from the network.
 * @param signal aborted when the caller has gone: a document that still waits for its turn is left out then. One that
 *   is being rendered is finished, since a new thread would cost more.
 * @throws {RpcError} UNAVAILABLE PDF_QUEUE: too many documents wait already
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
