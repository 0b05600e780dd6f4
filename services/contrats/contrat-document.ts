import { formatDate, formatEuros, TERM_DAYS } from '@crm/domain';
import type { PdfDefinition } from '@crm/kit/pdf';
import type { Contrat } from '@crm/proto/contrats/contrats';
import type { Content } from 'pdfmake/interfaces.js';

/** The names behind a contract's references, if known. */
export type Noms = { client?: string | undefined; produit?: string | undefined };

/**
 * A contract as a document: what was agreed and whether it was signed, but not what happened afterwards. So a
 * signed contract always gives the same document, whenever it is rendered.
 */
export function contratDocument(contrat: Contrat, noms: Noms): PdfDefinition {
  const { reference, organisationId, clientId, produitId, dateSignature, createdAt } = contrat;
  const title = `${dateSignature ? 'Contrat' : 'Projet de contrat'} ${reference}`;
  return {
    info: { title, creationDate: dateSignature ? new Date(dateSignature) : createdAt! },
    language: 'fr-FR',
    pageMargins: [60, 60, 60, 70],
    defaultStyle: { fontSize: 11, lineHeight: 1.3 },
    styles: {
      title: { fontSize: 20, bold: true },
      heading: { fontSize: 13, bold: true, margin: [0, 18, 0, 6] },
    },
    content: [
      { text: title, style: 'title' },
      ...section('Parties', [
        ['L’organisation', organisationId],
        ['Le client', named(noms.client, clientId)],
      ]),
      ...section('Objet', [['Produit', named(noms.produit, produitId)]]),
      ...section('Conditions financières', conditions(contrat)),
      ...section('Signature', [
        ['Signé le', dateSignature ? formatDate(dateSignature) : 'Ce projet n’est pas signé.'],
      ]),
    ],
    footer: {
      text: `${title} – page {page} sur {pages}`,
      alignment: 'center',
      fontSize: 9,
      margin: [0, 20, 0, 0],
    },
  };
}

function conditions(contrat: Contrat): [string, string][] {
  const { montantTotal, nombreEcheances, datePremiereEcheance, mandatId } = contrat;
  if (montantTotal === 0n) return [['Montant total', `${formatEuros(0n)} : rien n’est à payer.`]];
  return [
    ['Montant total', formatEuros(montantTotal)],
    ['Échéances', nombreEcheances === 1 ? 'En une fois' : `En ${nombreEcheances} mensualités`],
    [
      'Première échéance',
      datePremiereEcheance ? formatDate(datePremiereEcheance) : `${TERM_DAYS} jours après la signature`,
    ],
    ...(mandatId ? ([['Paiement', `Prélèvement SEPA, mandat ${mandatId}`]] as [string, string][]) : []),
  ];
}

const section = (heading: string, rows: [string, string][]): Content[] => [
  { text: heading, style: 'heading' },
  {
    layout: 'noBorders',
    table: {
      widths: [130, '*'],
      body: rows.map(([label, text]) => [{ text: label, color: '#555555' }, text]),
    },
  },
];

const named = (nom: string | undefined, reference: string): string =>
  nom ? `${nom} (référence ${reference})` : `Référence ${reference}`;
