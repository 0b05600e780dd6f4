import { formatDate, formatEuros } from '@crm/domain';
import type { PdfDefinition } from '@crm/kit/pdf';
import { CategorieOperation, type Invoice, type LigneFacture } from '@crm/proto/factures/factures';
import type { Content } from 'pdfmake/interfaces.js';
import {
  breakable,
  clientFacts,
  facts,
  formatQuantity,
  formatRate,
  heading,
  letter,
  right,
  settlement,
  totals,
  type Sides,
} from './letter.ts';
import { operationFacts } from './operation-facts.ts';

/** The content of an invoice. */
export type InvoiceParts = Sides & {
  invoice: Invoice;
  /** The rate of late-payment penalties, in words. */
  penalites: string;
};

/**
 * A French invoice with the content required by CGI annexe II art. 242 nonies A and C. com. L441-9, as far as
 * it is known: issuer and client, number, dates, what was sold and when, lines, VAT by rate, totals. The same
 * invoice always has the same bytes.
 */
export const invoicePdf = ({ invoice, penalites, ...sides }: InvoiceParts): PdfDefinition =>
  letter({
    ...sides,
    title: `Facture ${invoice.numero}`,
    numero: `Facture ${invoice.numero}`,
    clientId: invoice.clientId,
    createdAt: invoice.createdAt,
    head: [
      { text: 'FACTURE', fontSize: 20, bold: true },
      { text: `N° ${invoice.numero}`, bold: true },
      `Date d’émission : ${formatDate(invoice.dateFacture)}`,
      { text: `Date d’échéance : ${formatDate(invoice.dateEcheance)}`, bold: true },
    ],
    content: [
      facts([['Objet', invoice.objet], ...operationFacts(invoice), ...clientFacts(sides.destinataire)]),
      invoice.importeeAt ? small(ISSUED_BEFORE) : lines(invoice.lignes),
      totals(invoice, { taxed: 'Total TTC à payer', untaxed: 'Total à payer' }),
      ...settlement('Règlement', sides.paiement, invoice.numero),
      ...vatMentions(invoice, sides),
      ...(sides.destinataire?.professionnel ? [small(betweenProfessionals(penalites))] : []),
    ],
  });

/** What was sold is only on the original. */
const ISSUED_BEFORE =
  'Rappel d’une facture émise auparavant par un autre logiciel : seul son original fait foi.';

/**
 * The reason for no VAT (CGI annexe II art. 242 nonies A, I, 12°), and when VAT is due if that is unusual.
 */
export const vatMentions = (
  { tva, mentionTva, categorieOperation }: Pick<Invoice, 'tva' | 'mentionTva' | 'categorieOperation'>,
  { emetteur }: Sides,
): Content[] => {
  const untaxed = tva.some(({ tauxPointsBase }) => tauxPointsBase === 0);
  const taxed = tva.some(({ tauxPointsBase }) => tauxPointsBase > 0);
  // for goods VAT is due on delivery anyway (CGI art. 269, 2)
  const onDebits =
    taxed && emetteur?.tvaSurDebits && categorieOperation !== CategorieOperation.LIVRAISON_BIENS;
  return [
    ...(untaxed && mentionTva ? [small(mentionTva)] : []),
    ...(onDebits ? [small('Option pour le paiement de la taxe d’après les débits')] : []),
  ];
};

const small = (text: string): Content => ({ text, fontSize: 8, margin: [0, 0, 0, 4] });

const lines = (lignes: LigneFacture[]): Content => ({
  layout: 'lightHorizontalLines',
  table: {
    headerRows: 1,
    dontBreakRows: true,
    keepWithHeaderRows: 1,
    widths: ['*', 'auto', 'auto', 'auto', 'auto'],
    body: [
      [
        heading('Désignation'),
        heading('Quantité', { alignment: 'right' }),
        heading('Prix\u00a0unitaire\u00a0HT', { alignment: 'right' }),
        heading('TVA', { alignment: 'right' }),
        heading('Montant\u00a0HT', { alignment: 'right' }),
      ],
      ...lignes.map((ligne) => [
        breakable(ligne.designation),
        right(formatQuantity(ligne.quantiteMilliemes)),
        right(formatEuros(ligne.prixUnitaireHt)),
        right(formatRate(ligne.tauxTvaPointsBase ?? 0)),
        right(formatEuros(ligne.montantHt)),
      ]),
    ],
  },
});

/** C. com. L441-9, L441-10 and D441-5: between businesses, never to consumers. */
const betweenProfessionals = (penalites: string): string =>
  'Pas d’escompte pour paiement anticipé. En cas de retard de paiement, des pénalités sont exigibles le jour suivant ' +
  `la date d’échéance, sans qu’un rappel soit nécessaire, au ${penalites}, ainsi qu’une indemnité forfaitaire pour ` +
  'frais de recouvrement de 40\u00a0€ (articles L441-10 et D441-5 du Code de commerce).';
