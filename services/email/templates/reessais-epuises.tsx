import { formatEuros, NBSP } from '@crm/domain';
import { formatDate } from './formats.ts';
import { CommentRegler, DejaRegle, VotreContact } from './how-to-pay.tsx';
import { Layout, Paragraph, Recapitulatif, Salutation } from './layout.tsx';
import {
  debitSubject,
  NouvellesCoordonnees,
  ofInvoice,
  owedOf,
  paymentLines,
  paymentSample,
  paymentVariables,
} from './payment.tsx';
import { template } from './template.ts';
import { date, optional } from './variables.ts';

/** No attempt is left: asks for payment, or for new bank details. */
export const reessaisEpuises = template({
  variables: { ...paymentVariables, dateRejet: optional(date) },
  subject: (payment) =>
    debitSubject(payment, `prélèvement rejeté, ${formatEuros(owedOf(payment))} à régler autrement`),
  sample: { ...paymentSample, dateRejet: '2026-07-29', aujourdhui: '2026-07-29' },
  component: (payment) => {
    const { prenom, montant, dateRejet, paiement, numero, expediteur, contact } = payment;
    return (
      <Layout
        apercu="Merci de régler par un autre moyen, ou de changer de compte."
        titre="Votre prélèvement ne sera plus présenté"
        expediteur={expediteur}
        raison="Vous recevez ce message, envoyé automatiquement, parce que votre banque a rejeté chaque présentation d’un prélèvement que vous avez autorisé."
      >
        <Salutation prenom={prenom} />
        <Paragraph>
          Malgré plusieurs présentations, le prélèvement de {formatEuros(montant)}
          {ofInvoice(payment)} n’a pas abouti
          {dateRejet && `${NBSP}; votre banque l’a rejeté en dernier lieu le ${formatDate(dateRejet)}`}. Nous
          ne le présenterons plus sur ce compte.
        </Paragraph>
        <Recapitulatif lignes={paymentLines(payment)} />
        <Paragraph>
          Nous vous remercions de régler la somme de <strong>{formatEuros(owedOf(payment))}</strong> par un
          autre moyen.
        </Paragraph>
        <CommentRegler paiement={paiement} numero={numero} />
        <DejaRegle />
        <Paragraph>
          Vous souhaitez conserver le prélèvement, depuis un autre compte{NBSP}? Il nous faut de nouvelles
          coordonnées bancaires.
        </Paragraph>
        <NouvellesCoordonnees {...payment} />
        <VotreContact contact={contact} paiement={paiement}>
          Une question, une difficulté, un échéancier à convenir
        </VotreContact>
      </Layout>
    );
  },
});
