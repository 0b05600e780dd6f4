import { renderPdf } from '@crm/kit/pdf';
import { Client, TypeClient } from '@crm/proto/clients/clients';
import { CreditNote, TotalTva } from '@crm/proto/factures/factures';
import { Societe } from '@crm/proto/organisations/organisations';
import { creditNotePdf } from './credit-note-pdf.ts';
import { splitVat } from './split-vat.ts';
import { readPdfText } from './testing/read-pdf-text.ts';

const tva = [
  { tauxPointsBase: 2000, baseHt: 100_000n, montant: 20_000n },
  { tauxPointsBase: 550, baseHt: 10_000n, montant: 550n },
].map((total) => TotalTva.fromPartial(total));
const creditNote = CreditNote.fromPartial({
  ...{
    numero: 'A-2026-0007',
    clientId: 'client-123',
    motif: 'Intervention annulée',
    dateAvoir: '2026-07-01',
  },
  ...{ montant: 13_055n, createdAt: new Date('2026-07-01T08:00:00Z') },
  ...splitVat(tva, [], 13_055n),
});
const told = {
  creditNote,
  invoice: { numero: 'F-2026-0042', dateFacture: '2026-05-15' },
  societe: Societe.fromPartial({ raisonSociale: 'Énergie & Cie', siren: '732829320', rcs: 'Paris' }),
  client: Client.fromPartial({ nom: 'Atelier Lefèvre SARL', type: TypeClient.PROFESSIONNEL }),
};

test('names the invoice that it corrects, why, and what of it is VAT at which rate', async () => {
  const text = readPdfText(await renderPdf(creditNotePdf(told))).replace(/[\s\u00a0]+/g, ' ');
  for (const said of [
    'AVOIR',
    'N° A-2026-0007',
    '1er juillet 2026',
    'modifie la facture n° F-2026-0042 du 15 mai 2026',
    'Intervention annulée',
    'TVA 20 % sur 100,00 € 20,00 €',
    'TVA 5,5 % sur 10,00 € 0,55 €',
    'Total HT 110,00 €',
    'Total TTC en votre faveur 130,55 €',
    'Énergie & Cie · SIREN 732 829 320 · RCS Paris',
    'Atelier Lefèvre SARL',
  ]) {
    expect(text).toContain(said);
  }
  expect(text).not.toMatch(/à payer|pénalité|indemnité|échéance/);
});

test('the same credit note is the same bytes', async () => {
  const [one, other] = await Promise.all([1, 2].map(() => renderPdf(creditNotePdf(told))));
  expect(one!.equals(other!)).toBe(true);
});
