import { formatEuros } from '@crm/kit';
import { formatDate, formatDays, NBSP } from './formats.ts';
import {
  Copie,
  daysLate,
  DejaRegle,
  dunningVariables,
  invoiceLines,
  invoiceSample,
  lateLine,
  Paiement,
  Penalites,
} from './invoice.tsx';
import { Contact, Layout, Paragraph, Recapitulatif, Reference, Salutation } from './layout.tsx';
import { template } from './template.ts';

/** The first, friendly reminder. With usual terms it comes before the due date, and then says nothing of lateness. */
export const rappel = template({
  variables: dunningVariables,
  subject: ({ numero, restantDu }) => `Rappel : facture ${numero}, reste à payer ${formatEuros(restantDu)}`,
  sample: invoiceSample,
  component: (invoice) => {
    const { nom, prenom, numero, dateFacture, dateEcheance, restantDu, expediteur, contact } = invoice;
    const late = daysLate(invoice);
    return (
      <Layout
        apercu={`Reste à payer : ${formatEuros(restantDu)}, échéance le ${formatDate(dateEcheance)}.`}
        titre={`Rappel${NBSP}: facture ${numero}`}
        expediteur={expediteur}
        raison="Vous recevez ce message, envoyé automatiquement, parce qu’une facture établie à votre nom n’est pas entièrement réglée."
      >
        <Salutation nom={nom} prenom={prenom} />
        <Paragraph>
          Sauf erreur de notre part, la facture n°{NBSP}
          <Reference>{numero}</Reference> du {formatDate(dateFacture)} n’est pas encore entièrement réglée.{' '}
          {late
            ? `Elle est arrivée à échéance le ${formatDate(dateEcheance)}, soit ${formatDays(late)} de retard.`
            : `Elle arrive à échéance le ${formatDate(dateEcheance)}.`}
        </Paragraph>
        <Recapitulatif lignes={[...invoiceLines(invoice), lateLine(invoice)]} />
        <Paragraph>
          Nous vous remercions de régler la somme de <strong>{formatEuros(restantDu)}</strong>{' '}
          {late ? 'dès que possible' : `au plus tard le ${formatDate(dateEcheance)}`}.
        </Paragraph>
        <Paiement paiement={invoice.paiement} numero={numero} />
        <Penalites {...invoice} />
        <Copie pieceJointe={invoice.pieceJointe} />
        <DejaRegle />
        <Paragraph>
          Une difficulté, une question{NBSP}? Parlons-en{NBSP}: <Contact>{contact}</Contact>
        </Paragraph>
      </Layout>
    );
  },
});
