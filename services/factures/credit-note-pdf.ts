import { formatDate, formatEuros } from '@crm/domain';
import type { PdfDefinition } from '@crm/kit/pdf';
import type { CreditNote, Invoice } from '@crm/proto/factures/factures';
import { vatMentions } from './invoice-pdf.ts';
import { clientFacts, facts, formatRate, heading, letter, right, totals, type Sides } from './letter.ts';
import { operationFacts } from './operation-facts.ts';

/** The content of a credit note. */
export type CreditNoteDocument = Sides & {
  creditNote: CreditNote;
  /** The corrected invoice. */
  invoice: Invoice;
};

/**
 * A French credit note. It refers explicitly to the invoice that it changes, which makes it an invoice itself
 * (CGI art. 289, I, 5), with the mandatory content of CGI annexe II art. 242 nonies A, including VAT by rate.
 * The same credit note always has the same bytes.
 */
export const creditNotePdf = ({ creditNote, invoice, ...sides }: CreditNoteDocument): PdfDefinition =>
  letter({
    ...sides,
    title: `Avoir ${creditNote.numero}`,
    numero: `Avoir ${creditNote.numero}`,
    clientId: creditNote.clientId,
    createdAt: creditNote.createdAt,
    head: [
      { text: 'AVOIR', fontSize: 20, bold: true },
      { text: `N° ${creditNote.numero}`, bold: true },
      `Date d’émission : ${formatDate(creditNote.dateAvoir)}`,
    ],
    content: [
      facts([
        ['Cet avoir modifie', `la facture n° ${invoice.numero} du ${formatDate(invoice.dateFacture)}`],
        ['Motif', creditNote.motif],
        ['Objet de la facture', invoice.objet],
        ...operationFacts(invoice),
        ...clientFacts(sides.destinataire),
      ]),
      {
        layout: 'lightHorizontalLines',
        table: {
          headerRows: 1,
          widths: ['*', 'auto', 'auto'],
          body: [
            [
              heading('Désignation'),
              heading('TVA', { alignment: 'right' }),
              heading('Montant\u00a0HT', { alignment: 'right' }),
            ],
            ...creditNote.tva.map(({ tauxPointsBase, baseHt }) => [
              `Avoir sur la facture ${invoice.numero}`,
              right(formatRate(tauxPointsBase)),
              right(formatEuros(baseHt)),
            ]),
          ],
        },
      },
      totals(creditNote, { taxed: 'Total TTC en votre faveur', untaxed: 'Total en votre faveur' }),
      ...vatMentions({ ...invoice, tva: creditNote.tva }, sides),
    ],
  });
