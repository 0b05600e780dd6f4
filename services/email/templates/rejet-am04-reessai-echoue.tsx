import { formatEuros, NBSP } from '@crm/domain';
import { formatDate } from './formats.ts';
import { CommentRegler, DejaRegle, VotreContact } from './how-to-pay.tsx';
import { Layout, Paragraph, Recapitulatif, Salutation } from './layout.tsx';
import {
  AutreReglement,
  debitSubject,
  ofInvoice,
  owedOf,
  paymentLines,
  paymentSample,
  paymentVariables,
  toCome,
} from './payment.tsx';
import { template, type Template } from './template.ts';
import { date, oneOf, optional } from './variables.ts';

const variables = {
  ...paymentVariables,
  dateRejet: date,
  /** The date of the next attempt. If omitted: unknown. */
  prochaineDate: optional(date),
  /** `EXCLUE`: there is none, for example because the mandate was revoked or the client is blocked. */
  nouvellePresentation: optional(oneOf('EXCLUE')),
};

/** The words that differ between the first rejection and those of retries. */
type Words = {
  /** After the amount: "rejeté", "de nouveau rejeté". */
  rejected: string;
  /** After the debit and its invoice, before the day. */
  says: string;
  /** After the day. */
  why?: string;
  sample: Parameters<typeof template<typeof variables>>[0]['sample'];
};

/** A mail about a rejected debit that may be presented again, and what happens next. */
const rejection = ({ rejected, says, why = '', sample }: Words): Template =>
  template({
    variables,
    subject: (payment) => debitSubject(payment, `prélèvement de ${formatEuros(payment.montant)} ${rejected}`),
    sample,
    component: (payment) => {
      const { prenom, numero, montant, dateRejet, paiement, expediteur, contact } = payment;
      const owed = owedOf(payment);
      const isExcluded = payment.nouvellePresentation === 'EXCLUE';
      const next = isExcluded ? undefined : toCome(payment.prochaineDate, payment);
      return (
        <Layout
          apercu={
            (next && `Il sera présenté de nouveau à partir du ${formatDate(next)}.`) ??
            (isExcluded ? 'Merci de régler par un autre moyen.' : 'Voici la suite, et à qui vous adresser.')
          }
          titre={`Votre prélèvement a été ${rejected}`}
          expediteur={expediteur}
          raison={`Vous recevez ce message, envoyé automatiquement, parce que votre banque a ${rejected} un prélèvement que vous avez autorisé.`}
        >
          <Salutation prenom={prenom} />
          <Paragraph>
            Le prélèvement de {formatEuros(montant)}
            {ofInvoice(payment)}
            {says} le {formatDate(dateRejet)}
            {why}.
          </Paragraph>
          <Recapitulatif lignes={paymentLines(payment)} />
          {isExcluded ? (
            <>
              <Paragraph>
                Il ne sera pas présenté de nouveau{NBSP}: nous vous remercions de régler la somme de{' '}
                <strong>{formatEuros(owed)}</strong> par un autre moyen.
              </Paragraph>
              <CommentRegler paiement={paiement} numero={numero} />
              <DejaRegle />
            </>
          ) : (
            <>
              <Paragraph>
                {next ? (
                  <>
                    Nous le présenterons de nouveau à votre banque
                    {owed < montant && `, pour les ${formatEuros(owed)} qui restent à payer,`} à partir du{' '}
                    <strong>{formatDate(next)}</strong>. Merci de vous assurer que votre compte sera
                    approvisionné à cette date.
                  </>
                ) : (
                  'Nous vous informerons de la suite. Merci de vous assurer que votre compte est approvisionné.'
                )}
              </Paragraph>
              <AutreReglement {...payment} />
            </>
          )}
          <VotreContact contact={contact} paiement={paiement}>
            Une question, une difficulté
          </VotreContact>
        </Layout>
      );
    },
  });

const rejectionSample = { ...paymentSample, nouvellePresentation: '' };

/** A debit was rejected for insufficient funds (AM04): what happens next. */
export const rejetAm04 = rejection({
  rejected: 'rejeté',
  says: ' a été rejeté par votre banque',
  why: ', faute de provision suffisante sur le compte',
  sample: {
    ...rejectionSample,
    dateRejet: '2026-07-01',
    prochaineDate: '2026-07-06',
  },
});

/** A retry was rejected too, and another attempt is left. */
export const reessaiEchoue = rejection({
  rejected: 'de nouveau rejeté',
  says: ', présenté de nouveau à votre banque, a été rejeté',
  sample: {
    ...rejectionSample,
    dateRejet: '2026-07-08',
    prochaineDate: '2026-07-13',
    aujourdhui: '2026-07-08',
  },
});
