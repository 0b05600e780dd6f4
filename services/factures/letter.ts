import { formatEuros, legalMentions } from '@crm/kit';
import type { PdfDefinition } from '@crm/kit/pdf';
import type { Adresse, Client } from '@crm/proto/clients/clients';
import type { TotalTva } from '@crm/proto/factures/factures';
import type { Societe } from '@crm/proto/organisations/organisations';
import type { Content, TableCell } from 'pdfmake/interfaces.js';

/** Whom an invoice or a credit note is from and for; who is not known is left out. */
export type Parties = {
  societe?: Societe | undefined;
  client?: Client | undefined;
  adresse?: Adresse | undefined;
};

type Letter = Parties & {
  title: string;
  /** Beside the seller: what it is, its number, its dates. */
  head: Content[];
  numero: string;
  clientId: string;
  createdAt: Date | undefined;
  content: Content[];
};

/**
 * The frame of invoices and credit notes: who issues it and for whom, and at the foot of every page the mentions that
 * e-mails have too. The same letter has the same bytes.
 */
export const letter = ({
  title,
  head,
  numero,
  clientId,
  createdAt,
  content,
  ...parties
}: Letter): PdfDefinition => ({
  info: {
    title,
    author: parties.societe?.raisonSociale || 'Suivi',
    creationDate: createdAt ?? new Date(0),
  },
  language: 'fr-FR',
  pageMargins: [48, 48, 48, 72],
  defaultStyle: { fontSize: 9.5, lineHeight: 1.2 },
  content: [
    { columns: [{ stack: seller(parties.societe) }, { width: 200, stack: head }] },
    { margin: [250, 28, 0, 28], stack: buyer(clientId, parties) },
    ...content,
  ],
  footer: {
    margin: [48, 16, 48, 0],
    fontSize: 7.5,
    color: '#555555',
    columns: [
      { text: parties.societe ? legalMentions(parties.societe).join(' · ') : '' },
      { text: `${numero} · page {page}/{pages}`, alignment: 'right', width: 130 },
    ],
  },
});

const seller = (societe?: Societe): Content[] =>
  societe ? [{ text: societe.raisonSociale, fontSize: 13, bold: true }, societe.adresse] : [];

function buyer(clientId: string, { client, adresse }: Parties): Content[] {
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
export const formatQuantity = (thousandths: bigint): string =>
  NUMBER.format(Number(thousandths) / 1000).replaceAll('\u202f', '\u00a0');

/** @param hundredths of a percent: 550 is 5,5 % */
export const formatRate = (hundredths: number): string => `${NUMBER.format(hundredths / 100)}\u00a0%`;

/** A cell of figures. */
export const right = (text: string, more: object = {}): TableCell => ({ text, alignment: 'right', ...more });

/** What it comes to: without VAT, VAT by rate, and in all. */
export const totals = (
  { montantHt, tva, montant }: { montantHt: bigint; tva: TotalTva[]; montant: bigint },
  inAll: string,
): Content => ({
  columns: [
    { text: '', width: '*' },
    {
      width: 250,
      stack: [
        {
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
                { text: inAll, bold: true, fontSize: 11 },
                right(formatEuros(montant), { bold: true, fontSize: 11 }),
              ],
            ],
          },
        },
      ],
    },
  ],
  margin: [0, 14, 0, 20],
});
