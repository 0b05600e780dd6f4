import {
  AdressePostale,
  CategorieOperation,
  CreditNote,
  Destinataire,
  Emetteur,
  Invoice,
  LigneFacture,
} from '@crm/proto/factures/factures';
import { Logo } from '@crm/proto/organisations/organisations';
import { deflateSync } from 'node:zlib';
import type { CreditNoteDocument } from '../credit-note-pdf.ts';
import type { InvoiceParts } from '../invoice-pdf.ts';
import { priceInvoice } from '../price-invoice.ts';
import { splitVat } from '../split-vat.ts';

type LineFields = Parameters<typeof LigneFacture.fromPartial>[0];

export const EMETTEUR = Emetteur.fromPartial({
  raisonSociale: 'Énergie & Cie',
  formeJuridique: 'SAS',
  capital: 1_000_000n,
  siren: '732829320',
  rcs: 'Paris B 732 829 320',
  numeroTva: 'FR44732829320',
  adresse: '1 rue de la Paix\n75002 Paris',
});

const SIEGE = AdressePostale.fromPartial({
  ligne1: '12 rue du Four',
  codePostal: '69002',
  ville: 'Lyon',
  pays: 'FR',
});

export const COMPANY = Destinataire.fromPartial({
  ...{ prenom: 'Marc', nom: 'Dupont', raisonSociale: 'Boulangerie Le Fournil SARL' },
  ...{ siren: '404833048', numeroTva: 'FR83404833048', referenceClient: 'C-0042' },
  professionnel: true,
  adresse: SIEGE,
});

export const PERSON = Destinataire.fromPartial({ prenom: 'Zoé', nom: 'Lefèvre', adresse: SIEGE });

/** A single-coloured PNG for a logo. */
function sampleLogo(largeur = 300, hauteur = 100): Logo {
  const chunk = (type: string, data: Buffer) => {
    const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
    const length = Buffer.alloc(4);
    length.writeUInt32BE(data.length);
    const sum = Buffer.alloc(4);
    sum.writeUInt32BE(crc32(body));
    return Buffer.concat([length, body, sum]);
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(largeur, 0);
  header.writeUInt32BE(hauteur, 4);
  header.set([8, 2, 0, 0, 0], 8);
  const row = Buffer.concat([Buffer.from([0]), Buffer.alloc(largeur * 3, Buffer.from([0x1f, 0x6f, 0xb5]))]);
  const pixels = deflateSync(Buffer.concat(Array.from({ length: hauteur }, () => row)));
  const contenu = Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    ...[chunk('IHDR', header), chunk('IDAT', pixels), chunk('IEND', Buffer.alloc(0))],
  ]);
  return Logo.fromPartial({ typeMime: 'image/png', contenu, largeur, hauteur });
}

function crc32(bytes: Buffer): number {
  let sum = 0xffffffff;
  for (const byte of bytes) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit += 1) sum = sum & 1 ? (sum >>> 1) ^ 0xedb88320 : sum >>> 1;
  }
  return (sum ^ 0xffffffff) >>> 0;
}

export function sampleInvoice(
  lignes: LineFields[] = [
    {
      designation: 'Conseil à l’œuvre – « clé en main »',
      quantiteMilliemes: 1500n,
      prixUnitaireHt: 123_456n,
    },
    { designation: 'Livre', prixUnitaireHt: 2_000n, tauxTvaPointsBase: 550 },
  ],
  more: Parameters<typeof Invoice.fromPartial>[0] = {},
): Invoice {
  const price = priceInvoice({
    montant: 0n,
    lignes: lignes.map((ligne) => LigneFacture.fromPartial(ligne)),
    objet: '',
  });
  return Invoice.fromPartial({
    ...price,
    restantDu: price.montant,
    ...{ id: 'facture-1', clientId: 'client-123', numero: 'F-2026-0042', objet: 'Été 2026' },
    ...{ dateFacture: '2026-05-15', dateEcheance: '2026-06-14' },
    createdAt: new Date('2026-05-15T08:00:00Z'),
    ...more,
  });
}

const PENALITES = 'taux annuel de 12,15\u00a0%';
const full = {
  ...{ datePrestation: '', periodeDu: '2026-05-01', periodeAu: '2026-05-31' },
  ...{ categorieOperation: CategorieOperation.MIXTE, numeroCommande: 'BC-2026-118' },
  adresseLivraison: AdressePostale.fromPartial({
    ...{ nom: 'Dépôt Le Fournil', ligne1: '8 quai des Docks', ligne2: 'Porte 3', codePostal: '69007' },
    ...{ ville: 'Lyon', pays: 'FR' },
  }),
};

/** Invoices with and without each optional part. */
export const INVOICES: Record<string, InvoiceParts> = {
  'everything is told': {
    penalites: PENALITES,
    invoice: sampleInvoice(undefined, full),
    emetteur: { ...EMETTEUR, tvaSurDebits: true },
    destinataire: COMPANY,
    logo: sampleLogo(),
    paiement: 'Virement : IBAN FR76 3000 6000 0112 3456 7890 189, BIC AGRIFRPP',
  },
  'a person without an address': {
    penalites: PENALITES,
    invoice: sampleInvoice(),
    emetteur: EMETTEUR,
    destinataire: { ...PERSON, adresse: undefined },
    paiement: '',
  },
  'nobody is known': {
    penalites: PENALITES,
    invoice: sampleInvoice(undefined, { clientId: '0190b5a8-7e1e-7b5b-8a3c-0d8a5c1b2f3e' }),
  },
  'nothing is taxed': {
    penalites: PENALITES,
    invoice: sampleInvoice([{ designation: 'Formation', prixUnitaireHt: 120_000n, tauxTvaPointsBase: 0 }], {
      mentionTva: 'TVA non applicable, article 293 B du CGI',
      categorieOperation: CategorieOperation.PRESTATION_SERVICES,
      datePrestation: '2026-05-12',
    }),
    emetteur: { ...EMETTEUR, formeJuridique: '', capital: 0n, numeroTva: '', rcs: 'RCS Paris' },
    destinataire: { ...COMPANY, prenom: '', nom: '', numeroTva: '', referenceClient: '' },
  },
  'abroad, at millions, with long words': {
    penalites: PENALITES,
    invoice: sampleInvoice(
      [
        {
          designation: `Système ${'hyper'.repeat(40)} et ses accessoires`,
          quantiteMilliemes: 999_999_999n,
          prixUnitaireHt: 89_999n,
        },
        { designation: 'Mise en service', prixUnitaireHt: 9_999_999_999n, tauxTvaPointsBase: 0 },
        { designation: 'Réduit', prixUnitaireHt: 1n, tauxTvaPointsBase: 1000 },
        { designation: 'Corse', prixUnitaireHt: 123_456_789n, tauxTvaPointsBase: 210 },
      ],
      {
        ...full,
        categorieOperation: CategorieOperation.LIVRAISON_BIENS,
        objet: 'Modernisation '.repeat(21).trim(),
        mentionTva: 'Exonération de TVA, article 262 ter, I du CGI',
      },
    ),
    emetteur: {
      ...EMETTEUR,
      raisonSociale: 'Société anonyme pour le développement durable des énergies renouvelables & Cie',
      adresse:
        'Immeuble Le Grand Large\n3e étage, escalier B\n125 boulevard du Général-de-Gaulle\nBP 1234\n75002 Paris Cedex 02',
    },
    destinataire: {
      ...COMPANY,
      raisonSociale:
        'Naamloze vennootschap voor de bevordering van het ambachtelijke brood en gebak van Vlaanderen',
      numeroTva: 'BE0411905847',
      siren: '',
      adresse: AdressePostale.fromPartial({
        ...{
          ligne1: '1 avenue de la Toison-d’Or',
          ligne2: 'Boîte 14',
          codePostal: '1050',
          ville: 'Bruxelles',
        },
        pays: 'BE',
      }),
    },
    logo: sampleLogo(100, 400),
    paiement: 'par virement',
  },
  'two hundred lines': {
    penalites: PENALITES,
    invoice: sampleInvoice(
      Array.from({ length: 200 }, (_, n) => ({
        designation: `Ligne ${n} ${'avec de longs mots '.repeat(n % 7)}`.trim(),
        prixUnitaireHt: BigInt(n) * 137n,
        tauxTvaPointsBase: [2000, 1000, 550, 210][n % 4]!,
      })),
    ),
    emetteur: EMETTEUR,
    destinataire: COMPANY,
    logo: sampleLogo(),
  },
};

const sample = INVOICES['everything is told']!;
const credited = splitVat(sample.invoice.tva, [], 13_055n);
/** Credit notes, in the same way. */
export const CREDIT_NOTES: Record<string, CreditNoteDocument> = Object.fromEntries(
  Object.entries(INVOICES).map(([name, { invoice, penalites: _, ...sides }]) => [
    name,
    {
      ...sides,
      invoice,
      creditNote: CreditNote.fromPartial({
        ...{ numero: 'A-2026-0007', clientId: invoice.clientId, motif: 'Intervention annulée' },
        ...{ dateAvoir: '2026-07-01', createdAt: new Date('2026-07-01T08:00:00Z') },
        ...(invoice === sample.invoice
          ? { montant: 13_055n, ...credited }
          : { montant: invoice.montant, ...splitVat(invoice.tva, [], invoice.montant) }),
      }),
    },
  ]),
);
