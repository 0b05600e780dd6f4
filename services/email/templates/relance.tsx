import { formatEuros } from '@crm/kit';
import { formatDate, formatDays, NBSP } from './formats.ts';
import {
  Copie,
  daysLate,
  DejaRegle,
  dunningVariables,
  invoiceLines,
  lateLine,
  overdueSample,
  Paiement,
  Penalites,
} from './invoice.tsx';
import { Contact, Layout, Paragraph, Recapitulatif, Reference, Salutation } from './layout.tsx';
import { template } from './template.ts';

/** A firmer reminder: the next level after `rappel`. */
export const relance = template({
  variables: dunningVariables,
  subject: ({ numero, restantDu }) => `Relance : facture ${numero}, ${formatEuros(restantDu)} à régler`,
  sample: overdueSample,
  component: (invoice) => {
    const { nom, prenom, numero, dateFacture, dateEcheance, restantDu, expediteur, contact } = invoice;
    const late = daysLate(invoice);
    return (
      <Layout
        apercu={`Nous attendons votre règlement de ${formatEuros(restantDu)}.`}
        titre={`Relance${NBSP}: facture ${numero}`}
        expediteur={expediteur}
        raison="Vous recevez ce message, envoyé automatiquement, parce qu’une facture établie à votre nom n’est pas entièrement réglée."
      >
        <Salutation nom={nom} prenom={prenom} />
        <Paragraph>
          Sauf erreur de notre part, nous n’avons toujours pas reçu le règlement complet de la facture n°
          {NBSP}
          <Reference>{numero}</Reference> du {formatDate(dateFacture)}
          {late
            ? `, échue le ${formatDate(dateEcheance)}, soit ${formatDays(late)} de retard.`
            : `, qui arrive à échéance le ${formatDate(dateEcheance)}.`}
        </Paragraph>
        <Recapitulatif lignes={[...invoiceLines(invoice), lateLine(invoice)]} />
        <Paragraph>
          Nous vous demandons de régler la somme de <strong>{formatEuros(restantDu)}</strong>{' '}
          {late ? 'sans attendre' : 'au plus tard à cette date'}.
        </Paragraph>
        <Paiement paiement={invoice.paiement} numero={numero} />
        <Penalites {...invoice} />
        <Copie pieceJointe={invoice.pieceJointe} />
        <DejaRegle />
        <Paragraph>
          Vous contestez cette facture, ou ne pouvez pas la régler en une fois{NBSP}? Contactez-nous sans
          tarder
          {NBSP}: <Contact>{contact}</Contact>
        </Paragraph>
      </Layout>
    );
  },
});
