import { formatEuros } from '@crm/kit';
import { formatDate, NBSP } from './formats.ts';
import { DejaRegle } from './invoice.tsx';
import { Contact, Layout, Paragraph, Recapitulatif, Salutation } from './layout.tsx';
import { AutreReglement, ofInvoice, paymentLines, paymentSample, paymentVariables } from './payment.tsx';
import { template } from './template.ts';
import { date } from './variables.ts';

/** Announces that a rejected debit is about to be presented again. */
export const avantReessai = template({
  variables: { ...paymentVariables, dateReessai: date },
  subject: ({ montant, dateReessai }) =>
    `Prélèvement de ${formatEuros(montant)} : nouvelle présentation le ${formatDate(dateReessai)}`,
  sample: { ...paymentSample, dateReessai: '2026-07-06' },
  component: (payment) => {
    const { nom, prenom, montant, dateReessai, expediteur, contact } = payment;
    return (
      <Layout
        apercu={`Merci de vous assurer que votre compte sera approvisionné le ${formatDate(dateReessai)}.`}
        titre="Votre prélèvement va être présenté de nouveau"
        expediteur={expediteur}
        raison="Vous recevez ce message, envoyé automatiquement, parce qu’un prélèvement rejeté par votre banque va lui être présenté de nouveau."
      >
        <Salutation nom={nom} prenom={prenom} />
        <Paragraph>
          Le prélèvement de {formatEuros(montant)}
          {ofInvoice(payment)}, rejeté par votre banque, lui sera présenté de nouveau à partir du{' '}
          <strong>{formatDate(dateReessai)}</strong>. Merci de vous assurer que votre compte sera
          approvisionné à cette date.
        </Paragraph>
        <Recapitulatif
          lignes={paymentLines(payment, [
            { libelle: 'Nouvelle présentation', valeur: formatDate(dateReessai) },
          ])}
        />
        <AutreReglement {...payment} />
        <DejaRegle />
        <Paragraph>
          Une question, une difficulté{NBSP}? Votre contact{NBSP}: <Contact>{contact}</Contact>
        </Paragraph>
      </Layout>
    );
  },
});
