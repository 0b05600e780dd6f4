import { renderPdf } from '@crm/kit/pdf';
import { Adresse, Client, TypeClient } from '@crm/proto/clients/clients';
import { Invoice, LigneFacture } from '@crm/proto/factures/factures';
import { Societe } from '@crm/proto/organisations/organisations';
import { invoicePdf, type InvoiceParts } from './invoice-pdf.ts';
import { priceInvoice } from './price-invoice.ts';
import { readPdfText } from './testing/read-pdf-text.ts';

const lignes = [
  { designation: 'Conseil à l’œuvre – « clé en main »', quantiteMilliemes: 1500n, prixUnitaireHt: 123_456n },
  { designation: 'Livre', prixUnitaireHt: 2_000n, tauxTvaPointsBase: 550 },
].map((ligne) => LigneFacture.fromPartial(ligne));

const parts: InvoiceParts = {
  invoice: Invoice.fromPartial({
    ...priceInvoice({ montant: 0n, lignes, objet: '' }),
    numero: 'F-2026-0042',
    clientId: 'client-123',
    objet: 'Été 2026',
    dateFacture: '2026-05-15',
    dateEcheance: '2026-06-14',
    createdAt: new Date('2026-05-15T08:00:00Z'),
  }),
  societe: Societe.fromPartial({
    raisonSociale: 'Énergie & Cie',
    formeJuridique: 'SAS',
    capital: 1_000_000n,
    siren: '732829320',
    rcs: 'Paris B 732 829 320',
    numeroTva: 'FR44732829320',
    adresse: '1 rue de la Paix\n75002 Paris',
    paiement: 'par virement, IBAN FR76 de test',
  }),
  client: Client.fromPartial({ nom: 'Lefèvre', prenom: 'Zoé', type: TypeClient.PROFESSIONNEL }),
  adresse: Adresse.fromPartial({
    ligne1: '2 allée X',
    codePostal: '69001',
    ville: 'Lyon',
    pays: 'FR',
  }),
  penalites: 'taux de test de 12,5 %',
};

/** The text without line breaks, spaces all alike. */
const textOf = async (told: InvoiceParts) =>
  readPdfText(await renderPdf(invoicePdf(told))).replace(/[\s\u00a0]+/g, ' ');

test('the invoice says what it has to, in letters that can be read', async () => {
  const text = await textOf(parts);
  for (const said of [
    'FACTURE',
    'N° F-2026-0042',
    '15 mai 2026',
    '14 juin 2026',
    'Été 2026',
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
    'Énergie & Cie, SAS au capital de 10 000 € · 1 rue de la Paix, 75002 Paris · SIREN 732 829 320 · RCS',
    'TVA intracommunautaire FR44732829320',
    '1 rue de la Paix',
    'Zoé Lefèvre',
    '69001 Lyon',
    'Référence client : client-123',
    'Règlement : par virement, IBAN FR76 de test',
  ]) {
    expect(text).toContain(said);
  }
  expect(text).not.toContain('\ufffd');
});

test('late-payment penalties and the 40 € are for professionals only', async () => {
  const professional = await textOf(parts);
  expect(professional).toContain('taux de test de 12,5 %');
  expect(professional).toContain('40 €');
  for (const type of [TypeClient.PARTICULIER, TypeClient.UNSPECIFIED]) {
    const consumer = await textOf({ ...parts, client: { ...parts.client!, type } });
    expect(consumer).not.toMatch(/pénalité|indemnité|40 €|escompte/);
  }
  expect(await textOf({ ...parts, client: undefined })).not.toContain('indemnité');
});

test('without société, client and address it is an invoice still', async () => {
  const { invoice, penalites } = parts;
  const text = await textOf({ invoice, penalites });
  expect(text).toContain('Client client-123');
  expect(text).toContain('Total TTC à payer 2 243,31 €');
});

test('200 lines take pages, each with its number and the head of the table; the same invoice is the same bytes', async () => {
  const many = Array.from({ length: 200 }, (_, n) =>
    LigneFacture.fromPartial({ designation: `Ligne ${n} ${'x'.repeat(n)}`, prixUnitaireHt: BigInt(n) }),
  );
  const invoice = { ...parts.invoice, ...priceInvoice({ montant: 0n, lignes: many, objet: '' }) };
  const text = await textOf({ ...parts, invoice });
  const pages = Number(/F-2026-0042 · page 1\/(\d+)/.exec(text)![1]);
  expect(pages).toBeGreaterThan(4);
  expect(text).toContain(`page ${pages}/${pages}`);
  expect(text).toContain('Ligne 199');
  expect(text.match(/Désignation/g)!.length).toBeGreaterThan(4);
  const bytes = await Promise.all([1, 2].map(() => renderPdf(invoicePdf({ ...parts, invoice }))));
  expect(bytes[0]!.equals(bytes[1]!)).toBe(true);
});
