import { formatDays, formatEuros, NBSP } from '@crm/domain';
import { formatDate } from './formats.ts';
import { CommentRegler, DejaRegle, VotreContact } from './how-to-pay.tsx';
import {
  assertToPay,
  Copie,
  daysLate,
  dunningVariables,
  invoiceLines,
  invoiceSample,
  Numbered,
  overdueSample,
  Penalites,
  SeraPreleve,
  toPay,
} from './invoice.tsx';
import { Layout, Paragraph, Recapitulatif, Salutation } from './layout.tsx';
import { template, type Template } from './template.ts';

/** The words of a level for late invoices. */
type Level = {
  /** The name of the level. */
  name: 'Rappel' | 'Relance';
  /** "nous n’avons pas encore reçu le règlement". */
  notReceived: string;
  /** The request, before and after the amount. */
  asks: [what: string, when: string];
  /** The question that the recipient may have, about one invoice and about several. */
  question: { one: string; several: string };
};

/** The words of the levels that are reminders, by template. */
export const LEVELS = {
  rappel: {
    name: 'Rappel',
    notReceived: 'nous n’avons pas encore reçu le règlement',
    asks: ['Nous vous remercions de régler', 'dès que possible'],
    question: { one: 'Une difficulté, une question', several: 'Une difficulté, une question' },
  },
  relance: {
    name: 'Relance',
    notReceived: 'nous n’avons toujours pas reçu le règlement',
    asks: ['Nous vous demandons de régler', 'sans attendre'],
    question: {
      one: 'Vous contestez cette facture, ou ne pouvez pas la régler en une fois',
      several: 'Vous contestez une de ces factures, ou ne pouvez pas les régler en une fois',
    },
  },
} satisfies Record<string, Level>;

/**
 * A reminder of an invoice. Before the due date all levels only say when it is due; after it their words
 * differ.
 */
const reminder = (
  { name, notReceived, asks: [what, when], question }: Level,
  sample: Parameters<typeof template<typeof dunningVariables>>[0]['sample'],
): Template =>
  template({
    variables: dunningVariables,
    subject: (invoice) =>
      `Facture ${invoice.numero} : ${
        daysLate(invoice)
          ? `${name.toLowerCase()}, ${formatEuros(toPay(invoice))} à régler`
          : `rappel, échéance le ${formatDate(invoice.dateEcheance)}`
      }`,
    sample,
    check: assertToPay,
    component: (invoice) => {
      const { prenom, numero, dateEcheance, paiement, expediteur, contact } = invoice;
      const asked = toPay(invoice);
      const late = daysLate(invoice);
      const due = dateEcheance === invoice.aujourdhui ? 'aujourd’hui' : `le ${formatDate(dateEcheance)}`;
      return (
        <Layout
          apercu={
            late
              ? `À régler : ${formatEuros(asked)}, ${formatDays(late)} de retard.`
              : `À régler : ${formatEuros(asked)}.`
          }
          titre={`${late ? name : 'Rappel'}${NBSP}: facture ${numero}`}
          expediteur={expediteur}
          raison={`Vous recevez ce message, envoyé automatiquement, parce qu’une facture établie à votre nom ${
            late ? 'n’est pas entièrement réglée' : 'arrive à échéance'
          }.`}
        >
          <Salutation prenom={prenom} />
          <Paragraph>
            {late ? (
              <>
                Sauf erreur de notre part, {notReceived}
                {invoice.montantRecu ? ' complet' : ''} de la facture <Numbered {...invoice} />, échue {due}.
              </>
            ) : (
              <>
                Nous vous rappelons que la facture <Numbered {...invoice} /> arrive à échéance{' '}
                <strong>{due}</strong>.
              </>
            )}
          </Paragraph>
          <Recapitulatif lignes={invoiceLines(invoice)} />
          <SeraPreleve {...invoice} />
          <Paragraph>
            {late ? what : 'Nous vous remercions de régler'} la somme de <strong>{formatEuros(asked)}</strong>{' '}
            {late ? when : 'au plus tard à cette date'}.
          </Paragraph>
          <CommentRegler paiement={paiement} numero={numero} />
          <Penalites {...invoice} />
          <Copie pieceJointe={invoice.pieceJointe} />
          <DejaRegle />
          <VotreContact contact={contact} paiement={paiement}>
            {late ? question.one : 'Une question sur cette facture'}
          </VotreContact>
        </Layout>
      );
    },
  });

/** The first, friendly reminder. With the usual terms it is sent before the due date. */
export const rappel = reminder(LEVELS.rappel, invoiceSample);

/** A firmer reminder, the level after `rappel`. */
export const relance = reminder(LEVELS.relance, overdueSample);
