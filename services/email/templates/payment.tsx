import { formatEuros, NBSP } from '@crm/domain';
import { clientSample, clientVariables } from './client.ts';
import { formatDate, lateness } from './formats.ts';
import { CommentRegler } from './how-to-pay.tsx';
import { PageLink, Paragraph, Reference, type Ligne } from './layout.tsx';
import type { Usual } from './template.ts';
import { cents, date, optional, owedCents, text, type ValuesOf } from './variables.ts';

/** What mails about a debit name; its invoice, where it pays one. */
export const paymentVariables = {
  ...clientVariables,
  /** Of the debit. */
  montant: owedCents,
  /** What of it is still to be paid; left out: as much as is left of its invoice, and it all where that is not known. */
  montantDu: optional(owedCents),
  numero: optional(text),
  dateFacture: optional(date),
  dateEcheance: optional(date),
  montantFacture: optional(cents),
  montantAvoirs: optional(cents),
  montantRecu: optional(cents),
  restantDu: optional(cents),
};

export const paymentSample = {
  ...clientSample,
  montant: '123456',
  montantDu: '',
  numero: 'F-2026-0042',
  dateFacture: '2026-05-15',
  dateEcheance: '2026-06-14',
  montantFacture: '123456',
  montantAvoirs: '',
  montantRecu: '0',
  restantDu: '123456',
};

export type Payment = ValuesOf<typeof paymentVariables> & Usual;

/** The subject of a mail about a debit: its invoice first, where there is one. */
export const debitSubject = ({ numero }: Pick<Payment, 'numero'>, what: string): string =>
  numero ? `Facture ${numero} : ${what}` : `${what[0]!.toUpperCase()}${what.slice(1)}`;

/** What is left to be paid of a debit that was rejected: of its invoice a part may have been paid otherwise since. */
export const owedOf = ({
  montant,
  montantDu,
  restantDu,
}: Pick<Payment, 'montant' | 'montantDu' | 'restantDu'>): bigint =>
  montantDu ?? (restantDu && restantDu < montant ? restantDu : montant);

/** A day to come; undefined where it has passed, and announces nothing any more. */
export const toCome = (day: string | undefined, { aujourdhui }: Pick<Usual, 'aujourdhui'>) =>
  day && day >= aujourdhui ? day : undefined;

const euros = (amount: bigint | undefined) => (amount === undefined ? undefined : formatEuros(amount));

/** The debit in lines, and what is known of its invoice. */
export function paymentLines(payment: Payment): Ligne[] {
  const { montant, numero, dateFacture, dateEcheance, montantFacture, restantDu } = payment;
  const { montantAvoirs = 0n, montantRecu = 0n } = payment;
  return [
    { libelle: 'Montant du prélèvement', valeur: formatEuros(montant), important: true },
    { libelle: 'Client', valeur: payment.raisonSociale },
    { libelle: 'Facture', valeur: numero },
    { libelle: 'Date de facture', valeur: dateFacture && formatDate(dateFacture) },
    { libelle: 'Échéance', valeur: dateEcheance && formatDate(dateEcheance) },
    { libelle: 'Total TTC', valeur: euros(montantFacture) },
    { libelle: 'Avoirs', valeur: montantAvoirs ? formatEuros(-montantAvoirs) : undefined },
    { libelle: 'Déjà réglé', valeur: montantRecu ? formatEuros(montantRecu) : undefined },
    { libelle: 'Reste à payer', valeur: euros(restantDu) },
    {
      libelle: 'Retard',
      valeur: dateEcheance && restantDu ? lateness(dateEcheance, payment.aujourdhui) : undefined,
    },
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

/** Another way to pay while a debit is to come, and how not to be debited on top of it. */
export const AutreReglement = (payment: Payment) => (
  <>
    <Paragraph>
      Vous pouvez aussi régler {formatEuros(owedOf(payment))} sans attendre, par un autre moyen.
    </Paragraph>
    <CommentRegler {...payment} />
    <Paragraph>
      Si vous avez déjà réglé, ne tenez pas compte de ce message. Dans les deux cas, prévenez-nous, pour que
      le prélèvement ne soit pas présenté de nouveau.
    </Paragraph>
  </>
);

/**
 * Where new bank details go: a page of ours, or a new mandate through the contact, whom the mail names elsewhere. Never
 * an answer to the mail: details that travel by e-mail are read and exchanged on their way.
 */
export const NouvellesCoordonnees = ({ pageCoordonnees }: Pick<Payment, 'pageCoordonnees'>) => (
  <>
    <Paragraph>
      {pageCoordonnees ? (
        <>
          Enregistrez vos nouvelles coordonnées bancaires et signez le mandat de prélèvement correspondant
          dans votre espace sécurisé{NBSP}: <PageLink href={pageCoordonnees}>{pageCoordonnees}</PageLink>
        </>
      ) : (
        <>
          Contactez-nous{NBSP}: nous vous indiquerons comment nous transmettre vos nouvelles coordonnées
          bancaires en toute sécurité, et vous ferons signer le mandat de prélèvement correspondant.
        </>
      )}
    </Paragraph>
    <Paragraph>
      <strong>Pour votre sécurité</strong>, n’envoyez jamais votre IBAN par e-mail, même en réponse à ce
      message.
    </Paragraph>
  </>
);
