import { formatEuros } from '@crm/kit';
import { formatDate, NBSP } from './formats.ts';
import { DejaRegle, Paiement } from './invoice.tsx';
import { Contact, Layout, Paragraph, Recapitulatif, Salutation } from './layout.tsx';
import {
  NouvellesCoordonnees,
  ofInvoice,
  paymentLines,
  paymentSample,
  paymentVariables,
} from './payment.tsx';
import { template } from './template.ts';
import { date, optional, reasonCode } from './variables.ts';

/** Reasons of ISO 20022 (external status reason codes), in words for whoever holds the account. */
const REASONS: Record<string, string> = {
  AC01: 'les coordonnées bancaires enregistrées sont incorrectes',
  AC04: 'le compte enregistré est clôturé',
  AC06: 'le compte enregistré est bloqué',
  AC13: 'le type du compte enregistré ne convient pas à ce prélèvement',
  AG01: 'le compte enregistré n’accepte pas les prélèvements',
  RC01: 'l’identifiant de la banque (BIC) enregistré est incorrect',
};

/** A debit cannot succeed with the bank details on record: asks for new ones. */
export const rejetNouvellesCoordonnees = template({
  variables: { ...paymentVariables, dateRejet: date, motifRejet: optional(reasonCode) },
  subject: () => 'Vos coordonnées bancaires sont à mettre à jour',
  sample: { ...paymentSample, dateRejet: '2026-07-01', motifRejet: 'AC04' },
  component: (payment) => {
    const {
      nom,
      prenom,
      montant,
      dateRejet,
      motifRejet = '',
      paiement,
      numero,
      expediteur,
      contact,
    } = payment;
    const reason = Object.hasOwn(REASONS, motifRejet) ? REASONS[motifRejet] : undefined;
    return (
      <Layout
        apercu={`Votre prélèvement de ${formatEuros(montant)} n’a pas abouti.`}
        titre="Vos coordonnées bancaires sont à mettre à jour"
        expediteur={expediteur}
        raison="Vous recevez ce message, envoyé automatiquement, parce que votre banque a rejeté un prélèvement que vous avez autorisé."
      >
        <Salutation nom={nom} prenom={prenom} />
        <Paragraph>
          Le prélèvement de {formatEuros(montant)}
          {ofInvoice(payment)} a été rejeté par votre banque le {formatDate(dateRejet)}
          {NBSP}: {reason ?? 'il ne peut pas aboutir avec les coordonnées bancaires enregistrées'}. Il ne sera
          pas présenté de nouveau sur ce compte.
        </Paragraph>
        <Recapitulatif lignes={paymentLines(payment)} />
        <NouvellesCoordonnees {...payment} />
        <Paiement paiement={paiement} numero={numero} />
        <DejaRegle />
        {payment.pageCoordonnees && (
          <Paragraph>
            Une question{NBSP}? Votre contact{NBSP}: <Contact>{contact}</Contact>
          </Paragraph>
        )}
      </Layout>
    );
  },
});
