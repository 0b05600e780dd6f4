import { formatEuros } from '@crm/kit';
import { formatDate, NBSP } from './formats.ts';
import { DejaRegle } from './invoice.tsx';
import { Contact, Layout, Paragraph, Recapitulatif, Salutation } from './layout.tsx';
import { AutreReglement, ofInvoice, paymentLines, paymentSample, paymentVariables } from './payment.tsx';
import { template } from './template.ts';
import { date, optional } from './variables.ts';

/** A debit that was presented again was rejected again, and there is an attempt left. */
export const reessaiEchoue = template({
  variables: { ...paymentVariables, dateRejet: date, prochaineDate: optional(date) },
  subject: ({ montant }) => `Votre prélèvement de ${formatEuros(montant)} a de nouveau été rejeté`,
  sample: {
    ...paymentSample,
    dateRejet: '2026-07-08',
    prochaineDate: '2026-07-13',
    aujourdhui: '2026-07-08',
  },
  component: (payment) => {
    const { nom, prenom, montant, dateRejet, prochaineDate, expediteur, contact } = payment;
    return (
      <Layout
        apercu={
          prochaineDate
            ? `Une nouvelle présentation est prévue le ${formatDate(prochaineDate)}.`
            : 'Voici la suite, et à qui vous adresser.'
        }
        titre="Votre prélèvement a de nouveau été rejeté"
        expediteur={expediteur}
        raison="Vous recevez ce message, envoyé automatiquement, parce que votre banque a de nouveau rejeté un prélèvement que vous avez autorisé."
      >
        <Salutation nom={nom} prenom={prenom} />
        <Paragraph>
          Le prélèvement de {formatEuros(montant)}
          {ofInvoice(payment)}, présenté de nouveau à votre banque, a été rejeté le {formatDate(dateRejet)}.{' '}
          {prochaineDate ? (
            <>
              Une nouvelle présentation aura lieu à partir du <strong>{formatDate(prochaineDate)}</strong>
              {NBSP}: merci de vous assurer que votre compte sera approvisionné à cette date.
            </>
          ) : (
            'Nous vous informerons de la suite.'
          )}
        </Paragraph>
        <Recapitulatif
          lignes={paymentLines(
            payment,
            prochaineDate ? [{ libelle: 'Nouvelle présentation', valeur: formatDate(prochaineDate) }] : [],
          )}
        />
        <AutreReglement {...payment} />
        <DejaRegle />
        <Paragraph>
          Vous traversez une difficulté{NBSP}? Parlons-en{NBSP}: <Contact>{contact}</Contact>
        </Paragraph>
      </Layout>
    );
  },
});
