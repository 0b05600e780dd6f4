import { formatEuros, penaltyRateInWords } from '@crm/kit';
import { daysAfter, daysBetween, formatDate, lateness, NBSP } from './formats.ts';
import { Paragraph, Reference, type Ligne } from './layout.tsx';
import type { Usual } from './template.ts';
import { cents, date, oneOf, optional, owedCents, text, type ValuesOf } from './variables.ts';

/** What mails about an invoice name. */
export const invoiceVariables = {
  nom: text,
  prenom: optional(text),
  /** Decides on what the law allows to ask for. */
  typeClient: oneOf('PARTICULIER', 'PROFESSIONNEL'),
  numero: text,
  objet: optional(text),
  dateFacture: date,
  dateEcheance: date,
  /** VAT included. */
  montant: cents,
  montantAvoirs: optional(cents),
  montantRecu: cents,
  restantDu: cents,
};

/** The same where payment is asked for: something must be due. */
export const dunningVariables = { ...invoiceVariables, restantDu: owedCents };

export const invoiceSample = {
  prenom: 'Camille',
  nom: 'Lefèvre',
  typeClient: 'PARTICULIER',
  numero: 'F-2026-0042',
  objet: 'Contrat d’entretien annuel',
  dateFacture: '2026-06-15',
  dateEcheance: '2026-07-15',
  montant: '123456',
  montantAvoirs: '',
  montantRecu: '0',
  restantDu: '123456',
};

/** An invoice overdue since 14 June, a part of it paid; of a business. */
export const overdueSample = {
  ...invoiceSample,
  prenom: '',
  nom: 'Atelier Lefèvre SARL',
  typeClient: 'PROFESSIONNEL',
  dateFacture: '2026-05-15',
  dateEcheance: '2026-06-14',
  montantRecu: '30000',
  restantDu: '93456',
};

type Invoice = ValuesOf<typeof invoiceVariables> & Usual;

/** Days since the due date; 0 up to and on that day. */
export const daysLate = ({
  dateEcheance,
  aujourdhui,
}: Pick<Invoice, 'dateEcheance' | 'aujourdhui'>): number =>
  Math.max(0, daysBetween(dateEcheance, aujourdhui));

/** The invoice in lines. */
export function invoiceLines(invoice: Invoice): Ligne[] {
  const { numero, objet, dateFacture, dateEcheance, montant, montantAvoirs, montantRecu, restantDu } =
    invoice;
  return [
    { libelle: 'Facture', valeur: numero },
    ...(objet ? [{ libelle: 'Objet', valeur: objet }] : []),
    { libelle: 'Date de facture', valeur: formatDate(dateFacture) },
    { libelle: 'Échéance', valeur: formatDate(dateEcheance) },
    { libelle: 'Total TTC', valeur: formatEuros(montant) },
    ...(montantAvoirs ? [{ libelle: 'Avoirs', valeur: formatEuros(-montantAvoirs) }] : []),
    { libelle: 'Déjà réglé', valeur: formatEuros(montantRecu) },
    { libelle: 'Reste à payer', valeur: formatEuros(restantDu), important: true },
  ];
}

/** How late the payment is, as a line. */
export const lateLine = ({
  dateEcheance,
  aujourdhui,
}: Pick<Invoice, 'dateEcheance' | 'aujourdhui'>): Ligne => ({
  libelle: 'Retard',
  valeur: lateness(dateEcheance, aujourdhui),
});

/** How to pay. */
export const Paiement = ({ paiement, numero }: { paiement: string; numero?: string | undefined }) => (
  <Paragraph>
    Pour régler{NBSP}: {paiement}
    {numero && (
      <>
        , en rappelant la référence <Reference>{numero}</Reference>
      </>
    )}
    .
  </Paragraph>
);

/** Whoever has paid in the meantime is not to be alarmed. */
export const DejaRegle = () => (
  <Paragraph>Si vous avez déjà réglé, ne tenez pas compte de ce message.</Paragraph>
);

/** The copy that comes with the mail. */
export const Copie = ({ pieceJointe }: Pick<Usual, 'pieceJointe'>) =>
  pieceJointe && <Paragraph>Une copie de la facture est jointe à ce message.</Paragraph>;

/**
 * True where late-payment penalties and the 40 € indemnity may be named: between businesses, from the day after the
 * due date (C. com. L441-10 II). Never to consumers, to whom no costs of recovery are charged (C. proc. civ. exéc.
 * L111-8).
 */
export const penaltiesApply = (
  invoice: Pick<Invoice, 'typeClient' | 'dateEcheance' | 'aujourdhui'>,
): boolean => invoice.typeClient === 'PROFESSIONNEL' && daysLate(invoice) > 0;

/** The penalties of C. com. L441-10 II and the indemnity of D441-5, where they apply; nothing where they do not. */
export const Penalites = (invoice: Invoice) =>
  penaltiesApply(invoice) && (
    <Paragraph>
      En application de l’article L.{NBSP}441-10 du code de commerce, des pénalités de retard sont exigibles
      depuis le {formatDate(daysAfter(invoice.dateEcheance, 1))}, sans qu’un rappel soit nécessaire, au{' '}
      {invoice.tauxPenalites ?? penaltyRateInWords(undefined)}, ainsi qu’une indemnité forfaitaire pour frais
      de recouvrement de {formatEuros(40_00n)} (article D.{NBSP}441-5). Ces sommes ne sont pas comprises dans
      le reste à payer ci-dessus.
    </Paragraph>
  );
