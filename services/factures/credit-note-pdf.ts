import { formatDate, formatEuros } from '@crm/kit';
import type { PdfDefinition } from '@crm/kit/pdf';
import type { CreditNote } from '@crm/proto/factures/factures';
import { formatRate, letter, right, totals, type Parties } from './letter.ts';

/** What a credit note says. */
export type CreditNoteDocument = Parties & {
  creditNote: CreditNote;
  /** The invoice that it corrects. */
  invoice: { numero: string; dateFacture: string };
};

/**
 * A French credit note. It refers to the invoice that it changes in so many words, which makes it an invoice itself
 * (CGI art. 289, I, 5), with the mentions of CGI annexe II art. 242 nonies A, VAT by rate among them. The same credit
 * note has the same bytes.
 */
export const creditNotePdf = ({ creditNote, invoice, ...parties }: CreditNoteDocument): PdfDefinition =>
  letter({
    ...parties,
    title: `Avoir ${creditNote.numero}`,
    numero: creditNote.numero,
    clientId: creditNote.clientId,
    createdAt: creditNote.createdAt,
    head: [
      { text: 'AVOIR', fontSize: 20, bold: true },
      { text: `N° ${creditNote.numero}`, bold: true },
      `Date d’émission : ${formatDate(creditNote.dateAvoir)}`,
    ],
    content: [
      {
        text: [
          { text: 'Facture corrigée : ', bold: true },
          `cet avoir modifie la facture n° ${invoice.numero} du ${formatDate(invoice.dateFacture)}`,
        ],
        margin: [0, 0, 0, 4],
      },
      { text: [{ text: 'Motif : ', bold: true }, creditNote.motif], margin: [0, 0, 0, 10] },
      {
        layout: 'lightHorizontalLines',
        table: {
          headerRows: 1,
          widths: ['*', 60, 100],
          body: [
            [
              { text: 'Désignation', bold: true },
              right('TVA', { bold: true }),
              right('Montant HT', { bold: true }),
            ],
            ...creditNote.tva.map(({ tauxPointsBase, baseHt }) => [
              `Avoir sur la facture ${invoice.numero}`,
              right(formatRate(tauxPointsBase)),
              right(formatEuros(baseHt)),
            ]),
          ],
        },
      },
      totals(creditNote, 'Total TTC en votre faveur'),
    ],
  });
