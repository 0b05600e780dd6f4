import { formatDate, formatEuros } from '@crm/kit';
import type { PdfDefinition } from '@crm/kit/pdf';
import { TypeClient } from '@crm/proto/clients/clients';
import type { Invoice, LigneFacture } from '@crm/proto/factures/factures';
import type { Content } from 'pdfmake/interfaces.js';
import { formatQuantity, formatRate, letter, right, totals, type Parties } from './letter.ts';

/** What an invoice says. */
export type InvoiceParts = Parties & {
  invoice: Invoice;
  /** The rate of late-payment penalties, in words. */
  penalites: string;
};

/**
 * A French invoice with the mentions of CGI annexe II art. 242 nonies A and C. com. L441-9, as far as what they
 * mention is known: who issues it and to whom, number, dates, lines, VAT by rate, totals. The same invoice has the
 * same bytes.
 */
export const invoicePdf = ({ invoice, penalites, ...parties }: InvoiceParts): PdfDefinition =>
  letter({
    ...parties,
    title: `Facture ${invoice.numero}`,
    numero: invoice.numero,
    clientId: invoice.clientId,
    createdAt: invoice.createdAt,
    head: [
      { text: 'FACTURE', fontSize: 20, bold: true },
      { text: `N° ${invoice.numero}`, bold: true },
      `Date d’émission : ${formatDate(invoice.dateFacture)}`,
      { text: `Date d’échéance : ${formatDate(invoice.dateEcheance)}`, bold: true },
    ],
    content: [
      { text: [{ text: 'Objet : ', bold: true }, invoice.objet], margin: [0, 0, 0, 10] },
      lines(invoice.lignes),
      totals(invoice, 'Total TTC à payer'),
      ...settlement(parties.societe?.paiement),
      ...(parties.client?.type === TypeClient.PROFESSIONNEL
        ? [{ text: betweenProfessionals(penalites), fontSize: 8 }]
        : []),
    ],
  });

/** How it is paid, where that is known. */
const settlement = (paiement?: string): Content[] =>
  paiement ? [{ text: [{ text: 'Règlement : ', bold: true }, paiement], margin: [0, 0, 0, 10] }] : [];

const lines = (lignes: LigneFacture[]): Content => ({
  layout: 'lightHorizontalLines',
  table: {
    headerRows: 1,
    dontBreakRows: true,
    widths: ['*', 55, 80, 50, 80],
    body: [
      [
        { text: 'Désignation', bold: true },
        right('Quantité', { bold: true }),
        right('Prix unitaire HT', { bold: true }),
        right('TVA', { bold: true }),
        right('Montant HT', { bold: true }),
      ],
      ...lignes.map((ligne) => [
        ligne.designation,
        right(formatQuantity(ligne.quantiteMilliemes)),
        right(formatEuros(ligne.prixUnitaireHt)),
        right(formatRate(ligne.tauxTvaPointsBase ?? 0)),
        right(formatEuros(ligne.montantHt)),
      ]),
    ],
  },
});

/** C. com. L441-9, L441-10 and D441-5: between professionals, never to consumers. */
const betweenProfessionals = (penalites: string): string =>
  'Pas d’escompte pour paiement anticipé. En cas de retard de paiement, des pénalités sont exigibles le jour suivant ' +
  `la date d’échéance, sans qu’un rappel soit nécessaire au ${penalites}, ainsi qu’une indemnité forfaitaire pour ` +
  'frais de recouvrement de 40 € (articles L441-10 et D441-5 du Code de commerce).';
