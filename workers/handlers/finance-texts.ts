import { formatDate, formatEuros } from '@crm/kit';
import type { Commission } from '@crm/proto/commission/commission';
import type { InvoiceCreatedEvent } from '@crm/proto/events/invoice_events';
import type { PaymentReceivedEvent, PaymentRejectedEvent } from '@crm/proto/events/payment_events';
import { ClasseRejet, type MotifRejet } from '@crm/proto/referentiel/referentiel';

/** What a notification says. */
export type Text = { titre: string; message: string };

export const invoiceText = ({ montant, dateFacture, dateEcheance }: InvoiceCreatedEvent): Text => ({
  titre: 'Nouvelle facture',
  message: `Facture de ${formatEuros(montant)} du ${formatDate(dateFacture)}, à régler au plus tard le ${formatDate(dateEcheance)}.`,
});

export const paymentText = ({ montant, dateReception, invoiceId }: PaymentReceivedEvent): Text => ({
  titre: 'Paiement encaissé',
  message: `${formatEuros(montant)} encaissés le ${formatDate(dateReception!)}${invoiceId ? '' : ', sans facture'}.`,
});

/** Of each class of reasons: what it is called, and what follows. */
const CLASSES: Record<string, [name: string, follows: string]> = {
  [ClasseRejet.REESSAI]: [
    'nouvel essai',
    'Il sera présenté de nouveau selon la politique de représentation.',
  ],
  [ClasseRejet.REESSAI_SUR_OPTION]: [
    'nouvel essai sur option',
    'Il ne sera présenté de nouveau que si la politique de représentation prévoit ce motif.',
  ],
  [ClasseRejet.NOUVELLES_COORDONNEES]: [
    'nouvelles coordonnées bancaires',
    'Il ne sera pas présenté de nouveau avant que le client n’ait donné de nouvelles coordonnées bancaires, qui lui sont demandées.',
  ],
  [ClasseRejet.CORRECTION_TECHNIQUE]: [
    'correction technique',
    'Il ne sera pas présenté de nouveau : une correction technique est nécessaire d’abord.',
  ],
  [ClasseRejet.ARRET]: ['arrêt', 'Il ne sera pas présenté de nouveau : à vous de décider de la suite.'],
};

/**
 * Says of a rejection its reason and what follows.
 * @param commission still due on the payment although it was taken back: it asks for it to be clawed back
 */
export function rejectionText(
  { montant, tentative, dateRejet }: PaymentRejectedEvent,
  { code, libelle, classe }: MotifRejet,
  commission?: Pick<Commission, 'montant' | 'paymentId'>,
): Text {
  const [name, follows] = CLASSES[classe] ?? CLASSES[ClasseRejet.ARRET]!;
  const sentences = [
    `Paiement de ${formatEuros(montant)} rejeté le ${formatDate(dateRejet!)}, tentative ${tentative}.`,
    `Motif ${code} : ${libelle} (${name}).`,
    follows,
  ];
  if (commission) {
    sentences.push(
      `Ce paiement avait été encaissé : la commission de ${formatEuros(commission.montant)} est à reprendre, par commission.CommissionService/Reprendre avec le paymentId ${commission.paymentId}.`,
    );
  }
  return { titre: `Paiement rejeté (${code})`, message: sentences.join(' ') };
}
