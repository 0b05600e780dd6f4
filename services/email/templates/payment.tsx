import { formatEuros, lateness, NBSP } from '@crm/domain';
import { clientSample, clientVariables } from './client.ts';
import { formatDate } from './formats.ts';
import { CommentRegler } from './how-to-pay.tsx';
import { PageLink, Paragraph, Reference, type Ligne } from './layout.tsx';
import type { Usual } from './template.ts';
import { cents, date, optional, owedCents, text, type ValuesOf } from './variables.ts';

/** The variables of mails about a debit, and its invoice if it has one. */
export const paymentVariables = {
  ...clientVariables,
  /** The amount of the debit. */
  montant: owedCents,
  /**
   * The part that is still to be paid. If omitted: what is left of its invoice, or all of it if that is
   * unknown.
   */
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

/** The subject of a mail about a debit, beginning with its invoice if it has one. */
export const debitSubject = ({ numero }: Pick<Payment, 'numero'>, what: string): string =>
  numero ? `Facture ${numero} : ${what}` : `${what[0]!.toUpperCase()}${what.slice(1)}`;

/** What is left to pay of a rejected debit: a part of its invoice may have been paid in another way since. */
export const owedOf = ({
  montant,
  montantDu,
  restantDu,
}: Pick<Payment, 'montant' | 'montantDu' | 'restantDu'>): bigint =>
  montantDu ?? (restantDu && restantDu < montant ? restantDu : montant);

/** A future day; undefined if it has passed, because it announces nothing then. */
export const toCome = (day: string | undefined, { aujourdhui }: Pick<Usual, 'aujourdhui'>) =>
  day && day >= aujourdhui ? day : undefined;

const euros = (amount: bigint | undefined) => (amount === undefined ? undefined : formatEuros(amount));

/** The debit in lines, with what is known of its invoice. */
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

/** ` au titre de la facture n° F-2026-0042`, if there is one. */
export const ofInvoice = ({ numero }: Pick<Payment, 'numero'>) =>
  numero && (
    <>
      {' '}
      au titre de la facture n°{NBSP}
      <Reference>{numero}</Reference>
    </>
  );

/** How to pay in another way before a debit, without being debited in addition. */
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
 * Where to give new bank details: our page, or a new mandate through the contact, named elsewhere in the
 * mail. Never in an answer to the mail: bank details in e-mails are intercepted and replaced.
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
