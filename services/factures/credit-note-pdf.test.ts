import { renderPdf } from '@crm/kit/pdf';
import { creditNotePdf, type CreditNoteDocument } from './credit-note-pdf.ts';
import { readPdfText } from './testing/read-pdf-text.ts';
import { CREDIT_NOTES } from './testing/sample-documents.ts';

const textOf = async (told: CreditNoteDocument) =>
  readPdfText(await renderPdf(creditNotePdf(told)))
    .replaceAll('\u200b', '')
    .replace(/[\s\u00a0]+/g, ' ');
const sample = CREDIT_NOTES['everything is told']!;

test('names the invoice that it corrects, why, and what of it is VAT at which rate', async () => {
  const text = await textOf(sample);
  for (const said of [
    'AVOIR',
    'N° A-2026-0007',
    '1er juillet 2026',
    'Cet avoir modifie la facture n° F-2026-0042 du 15 mai 2026',
    'Motif Intervention annulée',
    'Nature de l’opération Livraison de biens et prestation de services',
    'Période de l’opération du 1er au 31 mai 2026',
    'SIREN du client 404 833 048',
    'Référence client C-0042',
    'TVA 20 % sur 107,77 € 21,55 €',
    'TVA 5,5 % sur 1,17 € 0,06 €',
    'Total HT 108,94 €',
    'Total TTC en votre faveur 130,55 €',
    'SIREN 732 829 320 · RCS Paris',
    'Boulangerie Le Fournil SARL',
  ]) {
    expect(text).toContain(said);
  }
});

test.each(Object.entries(CREDIT_NOTES))('where %s nothing is asked for, nor told twice', async (_, told) => {
  const text = await textOf(told);
  expect(text).not.toMatch(/à payer|pénalité|indemnité|échéance|Règlement/);
  expect(text).not.toMatch(/[0-9a-f]{8}-[0-9a-f]{4}-|undefined|null|: ?:/);
  const pages = Number(/page 1\/(\d+)/.exec(text)![1]);
  expect(text.split('SIREN').length - 1).toBe(
    (told.emetteur ? pages : 0) + (told.destinataire?.siren ? 1 : 0),
  );
  expect(text).toMatch(/Total( TTC)? en votre faveur/);
});

test('the same credit note is the same bytes', async () => {
  const [one, other] = await Promise.all([1, 2].map(() => renderPdf(creditNotePdf(sample))));
  expect(one!.equals(other!)).toBe(true);
});
