import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type * as Pdfmake from 'pdfmake';
import type { TDocumentDefinitions, TDocumentInformation, TFontDictionary } from 'pdfmake/interfaces.js';

/** A document as pdfmake takes it (https://pdfmake.github.io/docs), in Roboto unless it says otherwise. */
export type PdfDefinition = TDocumentDefinitions & {
  /** The creation date is part of the file and of its id: one taken from the data makes the same data the same bytes. */
  info: TDocumentInformation & { creationDate: Date };
};

const FONTS = join(dirname(createRequire(import.meta.url).resolve('pdfmake/package.json')), 'fonts');
const roboto = (style: string): string => join(FONTS, 'Roboto', `Roboto-${style}.ttf`);
const fonts: TFontDictionary = {
  Roboto: {
    normal: roboto('Regular'),
    bold: roboto('Medium'),
    italics: roboto('Italic'),
    bolditalics: roboto('MediumItalic'),
  },
};

let pdfmake: Promise<typeof Pdfmake> | undefined;

/**
 * Renders a document. It may read the fonts that come with pdfmake, no other file and nothing from the network.
 * @param definition used once: pdfmake writes into it
 */
export async function renderPdf(definition: PdfDefinition): Promise<Buffer> {
  pdfmake ??= load();
  return await (await pdfmake).createPdf(definition).getBuffer();
}

/** Loaded with the first document: it takes 25 MB of memory that most processes never need. */
async function load(): Promise<typeof Pdfmake> {
  const { default: loaded } = (await import('pdfmake')) as unknown as { default: typeof Pdfmake };
  loaded.setFonts(fonts);
  loaded.setLocalAccessPolicy((path) => path.startsWith(FONTS));
  loaded.setUrlAccessPolicy(() => false);
  return loaded;
}
