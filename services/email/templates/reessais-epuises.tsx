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
import { date, optional } from './variables.ts';

/** A debit is not presented any more: asks for payment, or for new bank details. */
export const reessaisEpuises = template({
  variables: { ...paymentVariables, dateRejet: optional(date) },
  subject: ({ montant }) => `Votre prélèvement de ${formatEuros(montant)} ne sera plus présenté`,
  sample: { ...paymentSample, dateRejet: '2026-07-29', aujourdhui: '2026-07-29' },
  component: (payment) => {
    const { nom, prenom, montant, dateRejet, paiement, numero, expediteur, contact } = payment;
    return (
      <Layout
        apercu={`Merci de régler ${formatEuros(montant)} par un autre moyen, ou de changer de compte.`}
        titre="Votre prélèvement ne sera plus présenté"
        expediteur={expediteur}
        raison="Vous recevez ce message, envoyé automatiquement, parce que votre banque a rejeté chaque présentation d’un prélèvement que vous avez autorisé."
      >
        <Salutation nom={nom} prenom={prenom} />
        <Paragraph>
          Malgré plusieurs présentations, le prélèvement de {formatEuros(montant)}
          {ofInvoice(payment)} n’a pas abouti
          {dateRejet && `${NBSP}; votre banque l’a rejeté en dernier lieu le ${formatDate(dateRejet)}`}. Nous
          ne le présenterons plus sur ce compte{NBSP}: nous vous remercions de régler cette somme par un autre
          moyen.
        </Paragraph>
        <Recapitulatif lignes={paymentLines(payment)} />
        <Paiement paiement={paiement} numero={numero} />
        <Paragraph>
          Vous souhaitez conserver le prélèvement, depuis un autre compte{NBSP}? Il nous faut de nouvelles
          coordonnées bancaires.
        </Paragraph>
        <NouvellesCoordonnees {...payment} />
        <DejaRegle />
        <Paragraph>
          Vous traversez une difficulté, ou souhaitez convenir d’un échéancier{NBSP}? Votre contact{NBSP}:{' '}
          <Contact>{contact}</Contact>
        </Paragraph>
      </Layout>
    );
  },
});
