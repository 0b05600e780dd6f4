import { formatEuros, NBSP } from '@crm/domain';
import { invalid } from '@crm/kit';
import { formatDate } from './formats.ts';
import { Contact, Layout, Paragraph, Recapitulatif, Salutation } from './layout.tsx';
import { debitSubject, ofInvoice, paymentSample, paymentVariables, toCome } from './payment.tsx';
import { template } from './template.ts';
import { date, text } from './variables.ts';

/** Announces a debit: the creditor, the mandate, the amount and the date (EPC016-06, 4.4). */
export const prenotification = template({
  variables: {
    ...paymentVariables,
    datePrelevement: date,
    creancierNom: text,
    /** SEPA creditor identifier. */
    creancierIcs: text,
    rum: text,
    /** `FR14 **** 606`, never more of it. */
    ibanMasque: text,
  },
  subject: (payment) =>
    debitSubject(
      payment,
      `prélèvement de ${formatEuros(payment.montant)} le ${formatDate(payment.datePrelevement)}`,
    ),
  sample: {
    ...paymentSample,
    datePrelevement: '2026-07-15',
    creancierNom: 'Suivi',
    creancierIcs: 'FR72ZZZ123456',
    rum: 'RUM-2026-0042',
    ibanMasque: 'FR14 **** 606',
  },
  check(payment, purpose) {
    if (purpose === 'send' && !toCome(payment.datePrelevement, payment))
      throw invalid('variables.datePrelevement', 'must not be past: a debit is told of before it is made');
  },
  component: (payment) => {
    const { prenom, montant, numero, datePrelevement, creancierNom, creancierIcs, rum } = payment;
    const { ibanMasque, expediteur, contact, aujourdhui } = payment;
    const isSigner = isSameCompany(creancierNom, expediteur);
    const before = datePrelevement > aujourdhui ? 'avant cette date' : 'sans attendre';
    return (
      <Layout
        apercu="Merci de vous assurer que votre compte sera approvisionné à cette date."
        titre="Votre prochain prélèvement"
        expediteur={expediteur}
        raison="Vous recevez ce message, envoyé automatiquement, parce que vous avez signé un mandat de prélèvement SEPA."
      >
        <Salutation prenom={prenom} />
        <Paragraph>
          Conformément au mandat que vous avez signé, nous prélèverons <strong>{formatEuros(montant)}</strong>{' '}
          sur votre compte le <strong>{formatDate(datePrelevement)}</strong>
          {ofInvoice(payment)}. Merci de vous assurer que votre compte sera approvisionné à cette date.
        </Paragraph>
        <Recapitulatif
          lignes={[
            { libelle: 'Montant du prélèvement', valeur: formatEuros(montant), important: true },
            { libelle: 'Date du prélèvement', valeur: formatDate(datePrelevement), important: true },
            { libelle: 'Client', valeur: payment.raisonSociale },
            { libelle: 'Facture', valeur: numero },
            { libelle: 'Créancier', valeur: isSigner ? expediteur : creancierNom },
            { libelle: 'Identifiant du créancier (ICS)', valeur: creancierIcs },
            { libelle: 'Référence du mandat (RUM)', valeur: rum },
            { libelle: 'Compte débité', valeur: ibanMasque },
          ]}
        />
        {!isSigner && (
          <Paragraph>
            Ce prélèvement apparaîtra sur votre relevé de compte au nom du créancier indiqué ci-dessus.
          </Paragraph>
        )}
        <Paragraph>
          Si vous avez déjà réglé par un autre moyen, si vos coordonnées bancaires ont changé ou si ce
          prélèvement ne vous paraît pas justifié, prévenez-nous {before}, sans envoyer votre IBAN par e-mail
          {NBSP}: <Contact>{contact}</Contact>
        </Paragraph>
      </Layout>
    );
  },
});

/** Names in bank files are in capitals, without accents and often without the legal form. */
const isSameCompany = (one: string, other: string): boolean => folded(one) === folded(other);

const folded = (name: string): string =>
  name
    .normalize('NFD')
    .toUpperCase()
    .replace(/&/g, ' ET ')
    .replace(/\b(SASU?|SARL|SA|EURL|EI|SNC|SCI|SCOP)\b/g, '')
    .replace(/[^A-Z0-9]/g, '');
