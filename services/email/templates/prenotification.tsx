import { formatEuros } from '@crm/kit';
import { formatDate, NBSP } from './formats.ts';
import { Contact, Layout, Paragraph, Recapitulatif, Salutation } from './layout.tsx';
import { ofInvoice, paymentSample, paymentVariables } from './payment.tsx';
import { template } from './template.ts';
import { date, text } from './variables.ts';

/** Tells of a debit before it takes place: who collects, by which mandate, how much, when (EPC016-06, 4.4). */
export const prenotification = template({
  variables: {
    ...paymentVariables,
    datePrelevement: date,
    creancierNom: text,
    /** SEPA creditor identifier. */
    creancierIcs: text,
    rum: text,
    /** `FR14 **** 606`: never more of it. */
    ibanMasque: text,
  },
  subject: ({ montant, datePrelevement }) =>
    `Prélèvement de ${formatEuros(montant)} le ${formatDate(datePrelevement)}`,
  sample: {
    ...paymentSample,
    datePrelevement: '2026-07-15',
    creancierNom: 'Suivi',
    creancierIcs: 'FR72ZZZ123456',
    rum: 'RUM-2026-0042',
    ibanMasque: 'FR14 **** 606',
  },
  component: (payment) => {
    const { nom, prenom, montant, numero, datePrelevement, creancierNom, creancierIcs, rum } = payment;
    const { ibanMasque, expediteur, contact } = payment;
    return (
      <Layout
        apercu={`Votre compte sera débité de ${formatEuros(montant)} le ${formatDate(datePrelevement)}.`}
        titre="Votre prochain prélèvement"
        expediteur={expediteur}
        raison="Vous recevez ce message, envoyé automatiquement, parce que vous avez signé un mandat de prélèvement SEPA."
      >
        <Salutation nom={nom} prenom={prenom} />
        <Paragraph>
          Conformément au mandat que vous avez signé, {creancierNom} prélèvera{' '}
          <strong>{formatEuros(montant)}</strong> sur votre compte le{' '}
          <strong>{formatDate(datePrelevement)}</strong>
          {ofInvoice(payment)}. Merci de vous assurer que votre compte sera approvisionné à cette date.
        </Paragraph>
        <Recapitulatif
          lignes={[
            { libelle: 'Montant du prélèvement', valeur: formatEuros(montant), important: true },
            { libelle: 'Date du prélèvement', valeur: formatDate(datePrelevement), important: true },
            ...(numero ? [{ libelle: 'Facture', valeur: numero }] : []),
            { libelle: 'Créancier', valeur: creancierNom },
            { libelle: 'Identifiant du créancier (ICS)', valeur: creancierIcs },
            { libelle: 'Référence du mandat (RUM)', valeur: rum },
            { libelle: 'Compte débité', valeur: ibanMasque },
          ]}
        />
        <Paragraph>
          Si vous avez déjà réglé par un autre moyen, si vos coordonnées bancaires ont changé ou si ce
          prélèvement ne vous paraît pas justifié, prévenez-nous avant cette date, sans envoyer votre IBAN par
          courriel{NBSP}: <Contact>{contact}</Contact>
        </Paragraph>
      </Layout>
    );
  },
});
