import { renderPdf } from '@crm/kit/pdf';
import { formalNoticePdf, type FormalNotice } from './formal-notice-pdf.ts';
import { readPdfText } from './testing/read-pdf-text.ts';
import { COMPANY, EMETTEUR, INVOICES, PERSON, sampleInvoice } from './testing/sample-documents.ts';

const invoice = sampleInvoice(undefined, { montantRecu: 100_000n, restantDu: 124_331n });
const sample: FormalNotice = {
  ...{ invoice, emetteur: EMETTEUR, destinataire: COMPANY, paiement: 'Virement : IBAN de test' },
  ...{ aujourdhui: '2026-07-01', dateLimite: '2026-07-22', contact: 'compta@energie.example' },
  penalites: 'taux annuel de 12,15\u00a0%',
  ...{ montantPreleve: 0n, preleveLe: '' },
};

const textOf = async (told: FormalNotice) =>
  readPdfText(await renderPdf(formalNoticePdf(told)))
    .replaceAll('\u200b', '')
    .replace(/[\s\u00a0]+/g, ' ');

test('the letter names the debt, demands it by a day, and says what follows', async () => {
  const text = await textOf(sample);
  for (const said of [
    'Lettre recommandée avec accusé de réception',
    'Le 1er juillet 2026',
    'Boulangerie Le Fournil SARL À l’attention de Marc Dupont 12 rue du Four 69002 LYON',
    'mise en demeure de payer 1 243,31 €, facture n° F-2026-0042',
    'la facture n° F-2026-0042 du 15 mai 2026, échue le 14 juin 2026, reste impayée à hauteur de 1 243,31 €',
    'Total TTC 2 243,31 €',
    'Déjà réglé 1 000,00 €',
    'Reste à payer 1 243,31 €',
    'mettons en demeure de nous payer la somme de 1 243,31 € au plus tard le 22 juillet 2026 .',
    'Comment régler Virement : IBAN de test Référence à rappeler : F-2026-0042',
    'injonction de payer',
    'au taux annuel de 12,15 %',
    '40 €',
    'nous avant cette date : compta@energie.example.',
    'page 1/1',
  ]) {
    // text in another weight is extracted as a line of its own
    expect(text.replaceAll(' .', '.')).toContain(said.replaceAll(' .', '.'));
  }
  expect(text).not.toMatch(/\ufffd|Avoirs|réception de|ne tenez pas compte|taux légal/);
});

test('what is debited is named, and not asked for', async () => {
  const text = await textOf({ ...sample, montantPreleve: 24_331n, preleveLe: '2026-07-05' });
  for (const said of [
    'mise en demeure de payer 1 000,00 €',
    'reste impayée à hauteur de 1 243,31 €',
    'La somme de 243,31 € sera prélevée le 5 juillet 2026 sur votre compte bancaire.',
    'de nous payer la somme de 1 000,00 € au plus tard',
  ])
    expect(text).toContain(said);
  expect(await textOf({ ...sample, montantPreleve: 24_331n })).toContain('243,31 € fait l’objet d’un');
});

test('to a person it names interest at the legal rate, neither penalties nor an indemnity', async () => {
  const text = await textOf({ ...sample, destinataire: PERSON });
  expect(text).toContain('intérêts moratoires au taux légal');
  expect(text).not.toMatch(/pénalité|indemnité|40 €/);
});

test.each(Object.entries(INVOICES))('where %s, nothing is told that says nothing', async (name, parts) => {
  const { invoice: other, penalites, ...sides } = parts;
  if (name === 'two hundred lines') return;
  const text = await textOf({ ...sample, paiement: '', contact: '', ...sides, penalites, invoice: other });
  expect(text).not.toMatch(/: ?[:.]|undefined|null|NaN|Déjà réglé|Avoirs|[0-9a-f]{8}-[0-9a-f]{4}-/);
  if (!sides.paiement) expect(text).not.toContain('Comment régler');
  // the signature is on the page of the last sentence
  expect(text).toMatch(new RegExp(`salutations distinguées\\. ${sides.emetteur?.raisonSociale ?? ''}`));
});
