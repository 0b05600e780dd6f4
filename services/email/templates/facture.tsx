import { formatEuros, NBSP } from '@crm/domain';
import { formatDate } from './formats.ts';
import { CommentRegler, DejaRegle, VotreContact } from './how-to-pay.tsx';
import {
  daysLate,
  invoiceLines,
  invoiceSample,
  invoiceVariables,
  Numbered,
  SeraPreleve,
  toPay,
} from './invoice.tsx';
import { Contact, Layout, Paragraph, Recapitulatif, Salutation } from './layout.tsx';
import { template } from './template.ts';

/** The mail with an invoice. It says what is debited, and how to pay the rest. */
export const facture = template({
  variables: invoiceVariables,
  subject: ({ numero, expediteur }) => `Facture ${numero} – ${expediteur}`,
  sample: { ...invoiceSample, pieceJointe: 'facture' },
  component: (invoice) => {
    const { prenom, numero, dateEcheance, restantDu, paiement, expediteur, contact } = invoice;
    const asked = toPay(invoice);
    const by = daysLate(invoice) ? 'dès que possible' : `au plus tard le ${formatDate(dateEcheance)}`;
    return (
      <Layout
        apercu={
          asked
            ? `À régler ${by} : ${formatEuros(asked)}.`
            : restantDu
              ? `Sera prélevé : ${formatEuros(restantDu)}.`
              : 'Vous n’avez rien à payer.'
        }
        titre={`Votre facture ${numero}`}
        expediteur={expediteur}
        raison="Vous recevez ce message, envoyé automatiquement, parce qu’une facture vient d’être établie à votre nom."
      >
        <Salutation prenom={prenom} />
        <Paragraph>
          {invoice.pieceJointe ? 'Vous trouverez en pièce jointe, au format PDF,' : 'Voici l’essentiel de'}{' '}
          votre facture <Numbered {...invoice} />.
        </Paragraph>
        <Recapitulatif lignes={invoiceLines(invoice)} />
        {restantDu > 0n && <SeraPreleve {...invoice} />}
        {asked ? (
          <>
            <Paragraph>
              Nous vous remercions de régler la somme de <strong>{formatEuros(asked)}</strong>{' '}
              <strong>{by}</strong>.
            </Paragraph>
            <CommentRegler paiement={paiement} numero={numero} />
            <DejaRegle />
            <VotreContact contact={contact} paiement={paiement}>
              Une question sur cette facture
            </VotreContact>
          </>
        ) : (
          <>
            {!restantDu && <Paragraph>Vous n’avez rien à payer sur cette facture.</Paragraph>}
            <Paragraph>
              Une question{NBSP}? Votre contact{NBSP}: <Contact>{contact}</Contact>
            </Paragraph>
          </>
        )}
      </Layout>
    );
  },
});
