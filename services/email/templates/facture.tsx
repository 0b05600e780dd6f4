import { formatEuros } from '@crm/kit';
import { formatDate, NBSP } from './formats.ts';
import {
  daysLate,
  DejaRegle,
  invoiceLines,
  invoiceSample,
  invoiceVariables,
  lateLine,
  Paiement,
} from './invoice.tsx';
import { Contact, Layout, Paragraph, Recapitulatif, Reference, Salutation } from './layout.tsx';
import { template } from './template.ts';

/** The mail that brings an invoice. */
export const facture = template({
  variables: invoiceVariables,
  subject: ({ numero, expediteur }) => `Votre facture ${numero} – ${expediteur}`,
  sample: { ...invoiceSample, pieceJointe: 'facture' },
  component: (invoice) => {
    const { nom, prenom, numero, dateFacture, dateEcheance, restantDu, expediteur, contact } = invoice;
    return (
      <Layout
        apercu={
          restantDu
            ? `Reste à payer : ${formatEuros(restantDu)}, échéance le ${formatDate(dateEcheance)}.`
            : 'Cette facture est réglée.'
        }
        titre={`Votre facture ${numero}`}
        expediteur={expediteur}
        raison="Vous recevez ce message, envoyé automatiquement, parce qu’une facture vient d’être établie à votre nom."
      >
        <Salutation nom={nom} prenom={prenom} />
        <Paragraph>
          {invoice.pieceJointe ? 'Vous trouverez en pièce jointe, au format PDF, votre' : 'Votre'} facture n°
          {NBSP}
          <Reference>{numero}</Reference> du {formatDate(dateFacture)}
          {!invoice.pieceJointe && ' est établie'}. En voici l’essentiel{NBSP}:
        </Paragraph>
        <Recapitulatif
          lignes={[...invoiceLines(invoice), ...(restantDu && daysLate(invoice) ? [lateLine(invoice)] : [])]}
        />
        {restantDu ? (
          <>
            <Paragraph>
              Nous vous remercions de la régler{' '}
              {daysLate(invoice) ? (
                'dès que possible'
              ) : (
                <>
                  au plus tard le <strong>{formatDate(dateEcheance)}</strong>
                </>
              )}
              .
            </Paragraph>
            <Paiement paiement={invoice.paiement} numero={numero} />
            <DejaRegle />
          </>
        ) : (
          <Paragraph>Cette facture est réglée{NBSP}: vous n’avez rien à payer.</Paragraph>
        )}
        <Paragraph>
          Une question sur cette facture{NBSP}? Votre contact{NBSP}: <Contact>{contact}</Contact>
        </Paragraph>
      </Layout>
    );
  },
});
