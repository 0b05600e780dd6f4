import { renderPdf } from '@crm/kit/pdf';
import { invoicePdf, type InvoiceParts } from './invoice-pdf.ts';
import { readPdfText } from './testing/read-pdf-text.ts';
import { COMPANY, EMETTEUR, INVOICES, PERSON, sampleInvoice } from './testing/sample-documents.ts';

const sample = INVOICES['everything is told']!;

const made = new Map<InvoiceParts, Promise<Buffer>>();
/** The invoice's PDF, rendered once. */
const pdfOf = (told: InvoiceParts): Promise<Buffer> => {
  if (!made.has(told)) made.set(told, renderPdf(invoicePdf(told)));
  return made.get(told)!;
};
/** The text without line breaks, with ordinary spaces and without breaks within words. */
const textOf = async (told: InvoiceParts) =>
  readPdfText(await pdfOf(told))
    .replaceAll('\u200b', '')
    .replace(/[\s\u00a0]+/g, ' ');

const times = (text: string, what: string) => text.split(what).length - 1;

test('the invoice says what it has to, in letters that can be read', async () => {
  const text = await textOf(sample);
  for (const said of [
    'FACTURE',
    'N° F-2026-0042',
    'Date d’émission : 15 mai 2026',
    'Date d’échéance : 14 juin 2026',
    'Objet Été 2026',
    'Votre commande BC-2026-118',
    'Nature de l’opération Livraison de biens et prestation de services',
    'Période de l’opération du 1er au 31 mai 2026',
    'Adresse de livraison Dépôt Le Fournil, 8 quai des Docks, Porte 3, 69007 LYON',
    'Référence client C-0042',
    'SIREN du client 404 833 048',
    'N° de TVA du client FR83404833048',
    'Boulangerie Le Fournil SARL À l’attention de Marc Dupont 12 rue du Four 69002 LYON',
    'Conseil à l’œuvre – « clé en main »',
    '1,5',
    '1 234,56 €',
    '1 851,84 €',
    '20 %',
    '5,5 %',
    'Total HT 1 871,84 €',
    'TVA 20 % sur 1 851,84 € 370,37 €',
    'TVA 5,5 % sur 20,00 € 1,10 €',
    'Total TTC à payer 2 243,31 €',
    'Énergie & Cie, SAS au capital de 10 000 € · SIREN 732 829 320 · RCS Paris · TVA intracommunautaire FR44732829320',
    'Énergie & Cie 1 rue de la Paix 75002 Paris',
    'Règlement Virement : IBAN FR76 3000 6000 0112 3456 7890 189',
    'Référence à rappeler : F-2026-0042',
    'Option pour le paiement de la taxe d’après les débits',
  ]) {
    expect(text).toContain(said);
  }
  expect(text).not.toContain('\ufffd');
});

test('late-payment penalties and the 40 € are for professionals only', async () => {
  const professional = await textOf(sample);
  expect(professional).toContain('taux annuel de 12,15 %');
  expect(professional).toContain('40 €');
  const consumer = await textOf({ ...sample, destinataire: PERSON });
  expect(consumer).not.toMatch(/pénalité|indemnité|40 €|escompte/);
  expect(await textOf({ ...sample, destinataire: undefined })).not.toContain('indemnité');
});

test('a société that begins its words by a heading is not told of two', async () => {
  const [parts] = Object.values(INVOICES);
  const text = await textOf({ ...parts!, paiement: 'Règlement : Virement : IBAN de test.' });
  expect(times(text, 'Règlement')).toBe(1);
  expect(text).toContain('Virement : IBAN de test');
});

describe.each(Object.entries(INVOICES))('where %s', (_, parts) => {
  test('nothing is told twice, and nothing is told that says nothing', async () => {
    const text = await textOf(parts);
    const pages = Number(/page 1\/(\d+)/.exec(text)![1]);
    expect(times(text, 'SIREN')).toBe((parts.emetteur ? pages : 0) + (parts.destinataire?.siren ? 1 : 0));
    expect(times(text, '732 829 320')).toBe(parts.emetteur ? pages : 0);
    const [street, town] = (parts.emetteur?.adresse ?? '').split('\n').slice(-2);
    if (street && town) expect(times(text, `${street} ${town}`)).toBe(1);
    // a label is followed by its value, never by another label, a colon or nothing
    expect(text).not.toMatch(/: ?:|: (N°|Date|Objet|Total)|undefined|null|NaN|\bsur 0,00/);
    expect(text).not.toMatch(/[0-9a-f]{8}-[0-9a-f]{4}-/);
    if (!parts.paiement) expect(text).not.toContain('Règlement');
    if (!parts.invoice.tva.some(({ tauxPointsBase }) => tauxPointsBase > 0))
      expect(text).not.toMatch(/Total HT|TTC|TVA 0 % sur/);
  });

  test('is the same bytes as often as it is made', async () => {
    expect((await pdfOf(parts)).equals(await renderPdf(invoicePdf(parts)))).toBe(true);
  });
});

test('without société, client and address it is an invoice still', async () => {
  const { invoice, penalites } = sample;
  const text = await textOf({ invoice, penalites });
  expect(text).toContain('Client client-123');
  expect(text).toContain('Total TTC à payer 2 243,31 €');
});

test('without VAT it says why, and comes to one total', async () => {
  const text = await textOf(INVOICES['nothing is taxed']!);
  expect(text).toContain('TVA non applicable, article 293 B du CGI');
  expect(text).toContain('Total à payer 1 200,00 €');
  expect(text).toContain('Date de la prestation 12 mai 2026');
  expect(text).toContain('SIREN 732 829 320 · RCS Paris');
});

test('goods are not subject to the option for debits, and one reason for no VAT is not told of a taxed invoice', async () => {
  const goods = await textOf({
    ...sample,
    invoice: { ...sample.invoice, categorieOperation: 'LIVRAISON_BIENS', mentionTva: 'Autoliquidation' },
  });
  expect(goods).not.toMatch(/débits|Autoliquidation/);
  expect(goods).toContain('Période des livraisons');
});

test('a client abroad has its country, and words that are too long do not push figures off the page', async () => {
  const text = await textOf(INVOICES['abroad, at millions, with long words']!);
  expect(text).toContain('1050 BRUXELLES BELGIQUE');
  expect(text).toContain('1 181 248 492,74 €');
  expect(text).toContain('Exonération de TVA, article 262 ter, I du CGI');
  expect(text).toContain('TVA 0 % sur 99 999 999,99 €');
});

test('200 lines take pages, each with its number and the head of the table', async () => {
  const text = await textOf(INVOICES['two hundred lines']!);
  const pages = Number(/Facture F-2026-0042 · page 1\/(\d+)/.exec(text)![1]);
  expect(pages).toBeGreaterThan(4);
  for (let page = 1; page <= pages; page += 1) expect(times(text, ` page ${page}/${pages}`)).toBe(1);
  expect(text).toContain('Ligne 199');
  expect(times(text, 'Désignation')).toBe(pages);
});

test.each([
  ['2026-05-15', '2026-06-14', 'du 15 mai au 14 juin 2026'],
  ['2025-12-15', '2026-01-14', 'du 15 décembre 2025 au 14 janvier 2026'],
  ['2026-05-15', '2026-05-15', 'Période de l’opération 15 mai 2026'],
])('a period from %s to %s is told as people do', async (periodeDu, periodeAu, said) => {
  const invoice = sampleInvoice(undefined, { periodeDu, periodeAu });
  expect(await textOf({ penalites: '', invoice, emetteur: EMETTEUR, destinataire: COMPANY })).toContain(said);
});
