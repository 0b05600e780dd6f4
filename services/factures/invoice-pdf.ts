import { formatDate, formatEuros } from '@crm/kit';
import type { PdfDefinition } from '@crm/kit/pdf';
import { TypeClient, type Adresse, type Client } from '@crm/proto/clients/clients';
import type { Invoice, LigneFacture } from '@crm/proto/factures/factures';
import type { Societe } from '@crm/proto/organisations/organisations';
import type { Content, TableCell } from 'pdfmake/interfaces.js';

/** What an invoice says; who is not known is left out. */
export type InvoiceParts = {
  invoice: Invoice;
  societe?: Societe | undefined;
  client?: Client | undefined;
  adresse?: Adresse | undefined;
  /** The rate of late-payment penalties, in words. */
  penalites: string;
};

/**
 * A French invoice with the mentions of CGI annexe II art. 242 nonies A and C. com. L441-9, as far as what they
 * mention is known: who issues it and to whom, number, dates, lines, VAT by rate, totals. The same invoice has the
 * same bytes.
 */
export function invoicePdf({ invoice, societe, client, adresse, penalites }: InvoiceParts): PdfDefinition {
  const professional = client?.type === TypeClient.PROFESSIONNEL;
  return {
    info: {
      title: `Facture ${invoice.numero}`,
      author: societe?.raisonSociale || 'Suivi',
      creationDate: invoice.createdAt ?? new Date(0),
    },
    language: 'fr-FR',
    pageMargins: [48, 48, 48, 72],
    defaultStyle: { fontSize: 9.5, lineHeight: 1.2 },
    content: [
      {
        columns: [
          { stack: seller(societe) },
          {
            width: 200,
            stack: [
              { text: 'FACTURE', fontSize: 20, bold: true },
              { text: `N° ${invoice.numero}`, bold: true },
              `Date d’émission : ${formatDate(invoice.dateFacture)}`,
              { text: `Date d’échéance : ${formatDate(invoice.dateEcheance)}`, bold: true },
            ],
          },
        ],
      },
      { margin: [250, 28, 0, 28], stack: buyer(invoice, client, adresse) },
      { text: [{ text: 'Objet : ', bold: true }, invoice.objet], margin: [0, 0, 0, 10] },
      lines(invoice.lignes),
      {
        columns: [
          { text: '', width: '*' },
          { width: 250, stack: [totals(invoice)] },
        ],
        margin: [0, 14, 0, 20],
      },
      ...(professional ? [{ text: betweenProfessionals(penalites), fontSize: 8 }] : []),
    ],
    footer: {
      margin: [48, 16, 48, 0],
      fontSize: 7.5,
      color: '#555555',
      columns: [
        { text: identity(societe).join(' · ') },
        { text: `${invoice.numero} · page {page}/{pages}`, alignment: 'right', width: 130 },
      ],
    },
  };
}

const seller = (societe?: Societe): Content[] =>
  societe ? [{ text: societe.raisonSociale, fontSize: 13, bold: true }, societe.adresse] : [];

/** What identifies the issuer: C. com. R123-237 and R123-238, CGI annexe II art. 242 nonies A, I, 2°. */
function identity(societe?: Societe): string[] {
  if (!societe) return [];
  const { raisonSociale, formeJuridique, capital, siren, rcs, numeroTva } = societe;
  return [
    [raisonSociale, formeJuridique].filter(Boolean).join(', '),
    capital ? `au capital de ${formatEuros(capital)}` : '',
    siren && `SIREN ${siren.replace(/(\d{3})(?=\d)/g, '$1 ')}`,
    rcs && `RCS ${rcs.replace(/^RCS /i, '')}`,
    numeroTva && `TVA intracommunautaire ${numeroTva}`,
  ].filter(Boolean);
}

function buyer({ clientId }: Invoice, client?: Client, adresse?: Adresse): Content[] {
  const name = client && [client.prenom, client.nom].filter(Boolean).join(' ');
  const town = adresse && `${adresse.codePostal} ${adresse.ville}`;
  const abroad = adresse && adresse.pays !== 'FR' ? adresse.pays : '';
  const address = [adresse?.ligne1, adresse?.ligne2, town, abroad].filter(Boolean) as string[];
  return [
    { text: 'Facturé à', color: '#555555' },
    { text: name || `Client ${clientId}`, bold: true },
    ...address,
    ...(name ? [{ text: `Référence client : ${clientId}`, fontSize: 8, color: '#555555' }] : []),
  ];
}

const NUMBER = new Intl.NumberFormat('fr-FR', { maximumFractionDigits: 3 });

/** @param thousandths 1500 is 1,5; spaces are those of `formatEuros` */
const formatQuantity = (thousandths: bigint): string =>
  NUMBER.format(Number(thousandths) / 1000).replaceAll('\u202f', '\u00a0');

/** @param hundredths of a percent: 550 is 5,5 % */
const formatRate = (hundredths: number): string => `${NUMBER.format(hundredths / 100)}\u00a0%`;

const right = (text: string, more: object = {}): TableCell => ({ text, alignment: 'right', ...more });

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

const totals = ({ montantHt, tva, montant }: Invoice): Content => ({
  layout: 'lightHorizontalLines',
  unbreakable: true,
  table: {
    widths: ['*', 'auto'],
    body: [
      ['Total HT', right(formatEuros(montantHt))],
      ...tva.map(({ tauxPointsBase, baseHt, montant: amount }) => [
        `TVA ${formatRate(tauxPointsBase)} sur ${formatEuros(baseHt)}`,
        right(formatEuros(amount)),
      ]),
      [
        { text: 'Total TTC à payer', bold: true, fontSize: 11 },
        right(formatEuros(montant), { bold: true, fontSize: 11 }),
      ],
    ],
  },
});

/** C. com. L441-9, L441-10 and D441-5: between professionals, never to consumers. */
const betweenProfessionals = (penalites: string): string =>
  'Pas d’escompte pour paiement anticipé. En cas de retard de paiement, des pénalités sont exigibles le jour suivant ' +
  `la date d’échéance, sans qu’un rappel soit nécessaire au ${penalites}, ainsi qu’une indemnité forfaitaire pour ` +
  'frais de recouvrement de 40 € (articles L441-10 et D441-5 du Code de commerce).';
