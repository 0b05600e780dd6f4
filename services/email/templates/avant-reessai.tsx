import { formatEuros } from '@crm/domain';
import { invalid } from '@crm/kit';
import { formatDate } from './formats.ts';
import { VotreContact } from './how-to-pay.tsx';
import { Layout, Paragraph, Recapitulatif, Salutation } from './layout.tsx';
import {
  AutreReglement,
  debitSubject,
  ofInvoice,
  paymentLines,
  paymentSample,
  paymentVariables,
  toCome,
} from './payment.tsx';
import { template } from './template.ts';
import { date } from './variables.ts';

/** Announces that a rejected debit is about to be presented again. */
export const avantReessai = template({
  variables: { ...paymentVariables, dateReessai: date },
  subject: (payment) =>
    debitSubject(payment, `prélèvement présenté de nouveau le ${formatDate(payment.dateReessai)}`),
  sample: { ...paymentSample, dateReessai: '2026-07-06' },
  check(payment, purpose) {
    if (purpose === 'send' && !toCome(payment.dateReessai, payment))
      throw invalid('variables.dateReessai', 'must not be past: a debit is announced before it is made');
  },
  component: (payment) => {
    const { prenom, montant, dateReessai, paiement, expediteur, contact } = payment;
    return (
      <Layout
        apercu={`Merci de vous assurer que votre compte sera approvisionné de ${formatEuros(montant)}.`}
        titre="Votre prélèvement va être présenté de nouveau"
        expediteur={expediteur}
        raison="Vous recevez ce message, envoyé automatiquement, parce qu’un prélèvement rejeté par votre banque va lui être présenté de nouveau."
      >
        <Salutation prenom={prenom} />
        <Paragraph>
          Le prélèvement de {formatEuros(montant)}
          {ofInvoice(payment)}, rejeté par votre banque, lui sera présenté de nouveau à partir du{' '}
          <strong>{formatDate(dateReessai)}</strong>. Merci de vous assurer que votre compte sera
          approvisionné à cette date.
        </Paragraph>
        <Recapitulatif lignes={paymentLines(payment)} />
        <AutreReglement {...payment} />
        <VotreContact contact={contact} paiement={paiement}>
          Une question, une difficulté
        </VotreContact>
      </Layout>
    );
  },
});
