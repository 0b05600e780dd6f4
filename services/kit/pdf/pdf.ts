import { Piscina } from 'piscina';
import type { Content, TDocumentDefinitions, TDocumentInformation } from 'pdfmake/interfaces.js';

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

/** Renders a document. It may show the fonts that come with pdfmake, no other file and nothing from the network. */
export async function renderPdf(definition: PdfDefinition): Promise<Buffer> {
  return Buffer.from(await threads.run(definition));
}
