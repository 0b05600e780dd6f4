import { formatDate, formatEuros, NBSP, presentationInWords } from '@crm/domain';
import type { Commission } from '@crm/proto/commission/commission';
import type { InvoiceCreatedEvent } from '@crm/proto/events/invoice_events';
import type { PaymentReceivedEvent, PaymentRejectedEvent } from '@crm/proto/events/payment_events';
import type { MotifRejet } from '@crm/proto/referentiel/referentiel';
import { rejectionClass } from './rejection-classes.ts';

/** The text of a notification. */
export type Text = { titre: string; message: string };

/**
 * The subject of an event in people's words: an invoice's number (empty: none) and a client's name, or else
 * the references.
 */
export type About = { facture: string; client: string };

/** "facture F-2026-0042, client Atelier Lefèvre SARL". */
const aboutInWords = ({ facture, client }: About): string =>
  `${facture ? `facture ${facture}` : 'sans facture'}, client ${client}`;

/** @param today YYYY-MM-DD */
export function invoiceText(
  { montant, dateFacture, dateEcheance }: InvoiceCreatedEvent,
  { facture, client }: About,
  today: string,
): Text {
  const due = dateEcheance < today ? 'échue le' : 'à régler au plus tard le';
  const terms = montant > 0n ? `${due} ${formatDate(dateEcheance)}` : 'rien à régler';
  return {
    titre: 'Nouvelle facture',
    message: `Facture ${facture} de ${formatEuros(montant)} du ${formatDate(dateFacture)}, ${terms} (client ${client}).`,
  };
}

export const paymentText = ({ montant, dateReception }: PaymentReceivedEvent, about: About): Text => ({
  titre: 'Paiement encaissé',
  message: `Encaissement de ${formatEuros(montant)} le ${formatDate(dateReception!)} (${aboutInWords(about)}).`,
});

/**
 * The text about a rejection: its reason and what follows.
 * @param obstacle why nothing is debited any more, whatever the reason: "mandat révoqué"
 * @param commission still due although the payment was taken back: the text asks to claw it back
 */
export function rejectionText(
  { montant, tentative, dateRejet }: PaymentRejectedEvent,
  about: About,
  { code, libelle, classe }: MotifRejet,
  obstacle = '',
  commission?: Pick<Commission, 'montant' | 'paymentId'>,
): Text {
  const { name, follows } = rejectionClass(classe);
  const sentences = [
    `Paiement de ${formatEuros(montant)} rejeté le ${formatDate(dateRejet!)}, ${presentationInWords(tentative)} (${aboutInWords(about)}).`,
    `Motif ${code}${NBSP}: ${libelle} (${name}).`,
    obstacle ? `Il ne sera pas présenté de nouveau${NBSP}: ${obstacle}.` : follows,
  ];
  if (commission) {
    sentences.push(
      `Ce paiement avait été encaissé${NBSP}: la commission de ${formatEuros(commission.montant)} est à reprendre, par commission.CommissionService/Reprendre avec le paymentId ${commission.paymentId}.`,
    );
  }
  return { titre: `Paiement rejeté (${code})`, message: sentences.join(' ') };
}
