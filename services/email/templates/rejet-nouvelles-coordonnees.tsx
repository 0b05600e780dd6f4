import { formatEuros, NBSP } from '@crm/domain';
import { formatDate } from './formats.ts';
import { CommentRegler, DejaRegle, VotreContact } from './how-to-pay.tsx';
import { Layout, Paragraph, Recapitulatif, Salutation } from './layout.tsx';
import {
  debitSubject,
  NouvellesCoordonnees,
  ofInvoice,
  paymentLines,
  paymentSample,
  paymentVariables,
} from './payment.tsx';
import { template } from './template.ts';
import { date, optional, reasonCode } from './variables.ts';

/** ISO 20022 reasons (external status reason codes) in words for the account holder. */
const REASONS: Record<string, string> = {
  AC01: 'les coordonnées bancaires enregistrées sont incorrectes',
  AC04: 'le compte enregistré est clôturé',
  AC06: 'le compte enregistré est bloqué',
  AC13: 'le type du compte enregistré ne convient pas à ce prélèvement',
  AG01: 'le compte enregistré n’accepte pas les prélèvements',
  RC01: 'l’identifiant de la banque (BIC) enregistré est incorrect',
};

/** The debit cannot succeed with the known bank details: asks for new ones. */
export const rejetNouvellesCoordonnees = template({
  variables: { ...paymentVariables, dateRejet: date, motifRejet: optional(reasonCode) },
  subject: (payment) => debitSubject(payment, 'prélèvement rejeté, coordonnées bancaires à revoir'),
  sample: { ...paymentSample, dateRejet: '2026-07-01', motifRejet: 'AC04' },
  component: (payment) => {
    const { prenom, montant, dateRejet, motifRejet = '', paiement, numero } = payment;
    const { expediteur, contact } = payment;
    const reason = Object.hasOwn(REASONS, motifRejet) ? REASONS[motifRejet] : undefined;
    return (
      <Layout
        apercu={`Le prélèvement de ${formatEuros(montant)} n’a pas abouti. Voici comment mettre à jour vos coordonnées.`}
        titre="Vos coordonnées bancaires sont à mettre à jour"
        expediteur={expediteur}
        raison="Vous recevez ce message, envoyé automatiquement, parce que votre banque a rejeté un prélèvement que vous avez autorisé."
      >
        <Salutation prenom={prenom} />
        <Paragraph>
          Le prélèvement de {formatEuros(montant)}
          {ofInvoice(payment)} a été rejeté par votre banque le {formatDate(dateRejet)}
          {NBSP}: {reason ?? 'il ne peut pas aboutir avec les coordonnées bancaires enregistrées'}. Il ne sera
          pas présenté de nouveau sur ce compte.
        </Paragraph>
        <Recapitulatif lignes={paymentLines(payment)} />
        <NouvellesCoordonnees {...payment} />
        <Paragraph>Vous pouvez aussi régler dès maintenant par un autre moyen.</Paragraph>
        <CommentRegler paiement={paiement} numero={numero} />
        <DejaRegle />
        <VotreContact contact={contact} paiement={paiement}>
          Une question
        </VotreContact>
      </Layout>
    );
  },
});
