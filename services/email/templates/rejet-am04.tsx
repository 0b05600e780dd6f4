import { formatEuros } from '@crm/kit';
import { formatDate, NBSP } from './formats.ts';
import { DejaRegle } from './invoice.tsx';
import { Contact, Layout, Paragraph, Recapitulatif, Salutation } from './layout.tsx';
import { AutreReglement, ofInvoice, paymentLines, paymentSample, paymentVariables } from './payment.tsx';
import { template } from './template.ts';
import { date, optional } from './variables.ts';

/** A debit was rejected for insufficient funds (AM04): what happens next. */
export const rejetAm04 = template({
  variables: {
    ...paymentVariables,
    dateRejet: date,
    /** When it is presented again; left out: not known. */
    prochaineDate: optional(date),
  },
  subject: ({ montant }) => `Votre prélèvement de ${formatEuros(montant)} n’a pas abouti`,
  sample: { ...paymentSample, dateRejet: '2026-07-01', prochaineDate: '2026-07-06' },
  component: (payment) => {
    const { nom, prenom, montant, dateRejet, prochaineDate, expediteur, contact } = payment;
    return (
      <Layout
        apercu={
          prochaineDate
            ? `Une nouvelle présentation est prévue le ${formatDate(prochaineDate)}.`
            : 'Voici la suite, et à qui vous adresser.'
        }
        titre="Votre prélèvement n’a pas abouti"
        expediteur={expediteur}
        raison="Vous recevez ce message, envoyé automatiquement, parce que votre banque a rejeté un prélèvement que vous avez autorisé."
      >
        <Salutation nom={nom} prenom={prenom} />
        <Paragraph>
          Le prélèvement de {formatEuros(montant)}
          {ofInvoice(payment)} a été rejeté par votre banque le {formatDate(dateRejet)}, faute de provision
          suffisante sur le compte.
        </Paragraph>
        <Recapitulatif
          lignes={paymentLines(
            payment,
            prochaineDate ? [{ libelle: 'Nouvelle présentation', valeur: formatDate(prochaineDate) }] : [],
          )}
        />
        <Paragraph>
          {prochaineDate ? (
            <>
              Nous le présenterons de nouveau à votre banque à partir du{' '}
              <strong>{formatDate(prochaineDate)}</strong>. Merci de vous assurer que votre compte sera
              approvisionné à cette date.
            </>
          ) : (
            'Nous vous informerons de la suite. Merci de vous assurer que votre compte est approvisionné.'
          )}
        </Paragraph>
        <AutreReglement {...payment} />
        <DejaRegle />
        <Paragraph>
          Une question, une difficulté{NBSP}? Votre contact{NBSP}: <Contact>{contact}</Contact>
        </Paragraph>
      </Layout>
    );
  },
});
