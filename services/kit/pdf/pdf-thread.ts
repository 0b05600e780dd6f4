import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import pdfmake from 'pdfmake';
import type { Content, TFontDictionary } from 'pdfmake/interfaces.js';
import type { PdfDefinition } from './pdf.ts';

/**
 * Runs in the thread of `renderPdf`. It may read pdfmake's fonts, but no other file and nothing from the
 * network.
 */
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
pdfmake.setFonts(fonts);
pdfmake.setLocalAccessPolicy((path) => path.startsWith(FONTS));
pdfmake.setUrlAccessPolicy(() => false);

export default async function render({ footer, ...definition }: PdfDefinition): Promise<Uint8Array> {
  const pdf = pdfmake.createPdf({
    ...definition,
    ...(footer && { footer: (page, pages) => numbered(footer, page, pages) }),
  });
  return await pdf.getBuffer();
}

const numbered = (footer: Content, page: number, pages: number): Content =>
  JSON.parse(
    JSON.stringify(footer).replaceAll('{page}', String(page)).replaceAll('{pages}', String(pages)),
  ) as Content;
