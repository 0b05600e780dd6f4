import { formatEuros, formatSiren, howToPay, legalMentions } from '@crm/domain';
import type { PdfDefinition } from '@crm/kit/pdf';
import type { Destinataire, Emetteur, TotalTva } from '@crm/proto/factures/factures';
import type { Logo } from '@crm/proto/organisations/organisations';
import type { Content, TableCell } from 'pdfmake/interfaces.js';
import { addressee } from './addressee.ts';
import type { Parties } from './parties.ts';

/** The sender and the recipient of a document, and what may have changed since its issue date. */
export type Sides = Parties & { logo?: Logo | undefined; paiement?: string | undefined };

type Letter = Sides & {
  title: string;
  /**
   * At the top right: the title, the number, the dates. At most five lines, or it reaches into the window.
   */
  head: Content[];
  /** The name of the document at the foot of each page. */
  numero: string;
  clientId: string;
  createdAt: Date | undefined;
  content: Content[];
};

const mm = (millimetres: number): number => (millimetres * 72) / 25.4;

const MARGIN = mm(17);
/**
 * The position of the window of a French envelope over a sheet folded in three (DL, window 45 × 100 mm, 20 mm
 * from its right and lower edges) or in two (C5). The area from 110 to 193 mm from the left and 52 to 84 mm
 * from the top is visible in both.
 */
const WINDOW = { left: mm(110), top: mm(52), height: mm(32) };
/** The space that `noBorders` leaves above and below a row. */
const PADDING = 4;
const LOGO_FIT: [number, number] = [mm(60), mm(20)];
const QUIET = '#555555';

/**
 * The layout of letters and invoices: sender, recipient in the envelope's window, and on every page the same
 * legal notices as in e-mails. The same letter always has the same bytes.
 */
export const letter = ({
  title,
  head,
  numero,
  clientId,
  createdAt,
  content,
  emetteur,
  destinataire,
  logo,
}: Letter): PdfDefinition => ({
  info: { title, author: emetteur?.raisonSociale || 'Suivi', creationDate: createdAt ?? new Date(0) },
  language: 'fr-FR',
  pageMargins: [MARGIN, MARGIN, MARGIN, mm(26)],
  defaultStyle: { fontSize: 9.5, lineHeight: 1.2 },
  ...(logo && { images: { logo: dataUrl(logo) } }),
  content: [
    {
      columns: [
        { width: WINDOW.left - MARGIN - mm(8), stack: sender(emetteur, logo) },
        { width: mm(8), text: '' },
        {
          width: '*',
          stack: [
            ofHeight(WINDOW.top - MARGIN - PADDING, head),
            ofHeight(WINDOW.height - PADDING, recipient(destinataire, clientId)),
          ],
        },
      ],
      margin: [0, 0, 0, mm(8)],
    },
    ...content,
  ],
  footer: {
    margin: [MARGIN, mm(5), MARGIN, 0],
    fontSize: 7.5,
    color: QUIET,
    columns: [
      // its address is at the top already
      { text: emetteur ? legalMentions({ ...emetteur, adresse: '' }).join(' · ') : '' },
      { text: `${numero} · page {page}/{pages}`, alignment: 'right', width: 130 },
    ],
  },
});

const dataUrl = ({ typeMime, contenu }: Logo): string =>
  `data:${typeMime};base64,${Buffer.from(contenu).toString('base64')}`;

/** At least this high, or higher if the content needs it. */
const ofHeight = (height: number, stack: Content[]): Content => ({
  layout: 'noBorders',
  table: { widths: ['*'], heights: [height], body: [[{ stack }]] },
});

const sender = (emetteur: Emetteur | undefined, logo: Logo | undefined): Content[] => [
  ...(logo ? [{ image: 'logo', fit: LOGO_FIT, margin: [0, 0, 0, 6] } as Content] : []),
  ...(emetteur
    ? [
        { text: breakable(emetteur.raisonSociale), fontSize: 13, bold: true },
        ...(emetteur.adresse ? [breakable(emetteur.adresse)] : []),
      ]
    : []),
];

function recipient(destinataire: Destinataire | undefined, clientId: string): Content[] {
  const [name, ...lines] = addressee(destinataire, clientId);
  return [{ text: breakable(name!), bold: true }, ...lines.map(breakable)];
}

/** A label and its value. Facts without a value are left out. */
export type Fact = [label: string, value: string | undefined];

/** Facts, one below the other. */
export const facts = (told: Fact[]): Content => {
  const body = told
    .filter(([, value]) => value)
    .map(([label, value]): TableCell[] => [{ text: label, color: QUIET, noWrap: true }, breakable(value!)]);
  return body.length === 0
    ? []
    : { layout: 'noBorders', table: { widths: [mm(38), '*'], body }, margin: [0, 0, 0, mm(4)] };
};

/** The numbers that identify the client, ours and the official ones. */
export const clientFacts = (destinataire: Destinataire | undefined): Fact[] => [
  ['Référence client', destinataire?.referenceClient],
  ['SIREN du client', destinataire?.siren && formatSiren(destinataire.siren)],
  ['N° de TVA du client', destinataire?.numeroTva],
];

const NUMBER = new Intl.NumberFormat('fr-FR', { maximumFractionDigits: 3 });

/** @param thousandths 1500 means 1,5; spaces as in `formatEuros` */
export const formatQuantity = (thousandths: bigint): string =>
  NUMBER.format(Number(thousandths) / 1000).replaceAll('\u202f', '\u00a0');

/** @param hundredths of a percent: 550 means 5,5 % */
export const formatRate = (hundredths: number): string => `${NUMBER.format(hundredths / 100)}\u00a0%`;

/** Longer words are broken, or they would push figures off the page. */
const LONGEST_WORD = 24;

/** A text for a column: words that are too long may break (U+200B). */
export const breakable = (text: string): string =>
  text.replace(new RegExp(`[^\\s\u200b]{${LONGEST_WORD}}(?=\\S)`, 'gu'), '$&\u200b');

/** A cell with figures. */
export const right = (text: string, more: object = {}): TableCell => ({ text, alignment: 'right', ...more });

/** A cell of a table's header. */
export const heading = (text: string, more: object = {}): TableCell => ({ text, bold: true, ...more });

/** The totals: without VAT, VAT by rate, and with VAT. No VAT lines if nothing is taxed. */
export const totals = (
  { montantHt, tva, montant }: { montantHt: bigint; tva: TotalTva[]; montant: bigint },
  inAll: { taxed: string; untaxed: string },
): Content => {
  const taxed = tva.some(({ tauxPointsBase }) => tauxPointsBase > 0);
  const rates = taxed ? tva : [];
  return {
    columns: [
      { text: '', width: '*' },
      {
        width: 260,
        stack: [
          {
            layout: 'lightHorizontalLines',
            unbreakable: true,
            table: {
              headerRows: 0,
              widths: ['*', 'auto'],
              body: [
                ...(taxed ? [['Total HT', right(formatEuros(montantHt))]] : []),
                ...rates.map(({ tauxPointsBase, baseHt, montant: amount }) => [
                  `TVA ${formatRate(tauxPointsBase)} sur ${formatEuros(baseHt)}`,
                  right(formatEuros(amount)),
                ]),
                [
                  { text: taxed ? inAll.taxed : inAll.untaxed, bold: true, fontSize: 11 },
                  right(formatEuros(montant), { bold: true, fontSize: 11 }),
                ],
              ],
            },
          },
        ],
      },
    ],
    margin: [0, 14, 0, 16],
  };
};

/** The payment instructions, if known: the société's own words, and the reference to give. */
export const settlement = (heading: string, paiement: string | undefined, numero: string): Content[] =>
  paiement
    ? [
        {
          stack: [
            { text: heading, bold: true },
            breakable(howToPay(paiement)),
            `Référence à rappeler\u00a0: ${numero}`,
          ],
          margin: [0, 0, 0, 10],
        },
      ]
    : [];
