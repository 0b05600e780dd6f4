import { formatEuros } from '@crm/kit';
import { formatDate, lateness, NBSP } from './formats.ts';
import { Contact, PageLink, Paragraph, Reference, type Ligne } from './layout.tsx';
import type { Usual } from './template.ts';
import { cents, date, optional, owedCents, text, type ValuesOf } from './variables.ts';

/** What mails about a debit name; its invoice, where it pays one. */
export const paymentVariables = {
  nom: text,
  prenom: optional(text),
  /** Of the debit. */
  montant: owedCents,
  numero: optional(text),
  dateFacture: optional(date),
  dateEcheance: optional(date),
  montantFacture: optional(cents),
  montantAvoirs: optional(cents),
  montantRecu: optional(cents),
  restantDu: optional(cents),
};

export const paymentSample = {
  prenom: 'Camille',
  nom: 'Lefèvre',
  montant: '123456',
  numero: 'F-2026-0042',
  dateFacture: '2026-05-15',
  dateEcheance: '2026-06-14',
  montantFacture: '123456',
  montantAvoirs: '',
  montantRecu: '0',
  restantDu: '123456',
};

type Payment = ValuesOf<typeof paymentVariables> & Usual;

/** The debit in lines, and what is known of its invoice. */
export function paymentLines(payment: Payment, about: Ligne[] = []): Ligne[] {
  const {
    montant,
    numero,
    dateFacture,
    dateEcheance,
    montantFacture,
    montantAvoirs,
    montantRecu,
    restantDu,
  } = payment;
  const lines: [string, string | undefined][] = [
    ['Facture', numero],
    ['Date de facture', dateFacture && formatDate(dateFacture)],
    ['Échéance', dateEcheance && formatDate(dateEcheance)],
    ['Total TTC', montantFacture === undefined ? undefined : formatEuros(montantFacture)],
    ['Avoirs', montantAvoirs ? formatEuros(-montantAvoirs) : undefined],
    ['Déjà réglé', montantRecu === undefined ? undefined : formatEuros(montantRecu)],
    ['Reste à payer', restantDu === undefined ? undefined : formatEuros(restantDu)],
    ['Retard', dateEcheance && restantDu ? lateness(dateEcheance, payment.aujourdhui) : undefined],
  ];
  return [
    { libelle: 'Montant du prélèvement', valeur: formatEuros(montant), important: true },
    ...about,
    ...lines.flatMap(([libelle, valeur]) => (valeur ? [{ libelle, valeur }] : [])),
  ];
}

/** ` au titre de la facture n° F-2026-0042`, where there is one. */
export const ofInvoice = ({ numero }: Pick<Payment, 'numero'>) =>
  numero && (
    <>
      {' '}
      au titre de la facture n°{NBSP}
      <Reference>{numero}</Reference>
    </>
  );

/** Another way to pay, and how not to be debited on top of it. */
export const AutreReglement = ({ paiement, numero }: Pick<Payment, 'paiement' | 'numero'>) => (
  <Paragraph>
    Vous pouvez aussi régler sans attendre {paiement}
    {numero && (
      <>
        , en rappelant la référence <Reference>{numero}</Reference>
      </>
    )}
    {NBSP}; prévenez-nous alors, pour que le prélèvement ne soit pas présenté de nouveau.
  </Paragraph>
);

/**
 * Where new bank details go: a page of ours, or a new mandate through the contact. Never an answer to the mail:
 * details that travel by e-mail are read and exchanged on their way.
 */
export const NouvellesCoordonnees = ({
  pageCoordonnees,
  contact,
}: Pick<Payment, 'pageCoordonnees' | 'contact'>) => (
  <>
    <Paragraph>
      {pageCoordonnees ? (
        <>
          Merci d’enregistrer vos nouvelles coordonnées bancaires et de signer le mandat de prélèvement
          correspondant dans votre espace sécurisé{NBSP}:{' '}
          <PageLink href={pageCoordonnees}>{pageCoordonnees}</PageLink>
        </>
      ) : (
        <>
          Merci de nous contacter{NBSP}: nous vous indiquerons comment nous transmettre vos nouvelles
          coordonnées bancaires en toute sécurité, et vous ferons signer le mandat de prélèvement
          correspondant. Votre contact
          {NBSP}: <Contact>{contact}</Contact>
        </>
      )}
    </Paragraph>
    <Paragraph>
      <strong>Pour votre sécurité</strong>, n’envoyez jamais votre IBAN par courriel, même en réponse à ce
      message.
    </Paragraph>
  </>
);
