import { InvoiceCreatedEvent } from '@crm/proto/events/invoice_events';
import { PaymentReceivedEvent, PaymentRejectedEvent } from '@crm/proto/events/payment_events';
import type { ClasseRejet, MotifRejet } from '@crm/proto/referentiel/referentiel';
import { invoiceText, paymentText, rejectionText, type Text } from './finance-texts.ts';

const plain = ({ titre, message }: Text) => ({ titre, message: message.replaceAll('\u00a0', ' ') });

test('an invoice: its amount and dates', () => {
  const event = InvoiceCreatedEvent.fromPartial({
    montant: 123_456n,
    dateFacture: '2026-05-15',
    dateEcheance: '2026-06-14',
  });
  expect(plain(invoiceText(event))).toEqual({
    titre: 'Nouvelle facture',
    message: 'Facture de 1 234,56 € du 15 mai 2026, à régler au plus tard le 14 juin 2026.',
  });
});

test('a payment: its amount, the Paris day, and whether it pays an invoice', () => {
  const event = PaymentReceivedEvent.fromPartial({
    montant: 75_000n,
    invoiceId: 'f-1',
    dateReception: new Date('2026-03-08T23:30:00Z'),
  });
  expect(plain(paymentText(event)).message).toBe('750,00 € encaissés le 9 mars 2026.');
  expect(plain(paymentText({ ...event, invoiceId: '' })).message).toBe(
    '750,00 € encaissés le 9 mars 2026, sans facture.',
  );
});

describe('a rejection', () => {
  const event = PaymentRejectedEvent.fromPartial({
    montant: 75_000n,
    tentative: 2,
    dateRejet: new Date('2026-03-02T13:30:00Z'),
  });
  const motif = (classe: ClasseRejet): MotifRejet => ({
    code: 'XX00',
    libelle: 'Raison',
    classe,
    connu: true,
  });

  test('says its reason, the reason’s class, and what follows', () => {
    const am04: MotifRejet = {
      code: 'AM04',
      libelle: 'Provision insuffisante',
      classe: 'REESSAI',
      connu: true,
    };
    expect(plain(rejectionText(event, am04))).toEqual({
      titre: 'Paiement rejeté (AM04)',
      message:
        'Paiement de 750,00 € rejeté le 2 mars 2026, tentative 2. Motif AM04 : Provision insuffisante (nouvel essai). ' +
        'Il sera présenté de nouveau selon la politique de représentation.',
    });
  });

  test.each<[ClasseRejet, RegExp]>([
    ['REESSAI_SUR_OPTION', /que si la politique de représentation prévoit ce motif\.$/],
    ['NOUVELLES_COORDONNEES', /de nouvelles coordonnées bancaires, qui lui sont demandées\.$/],
    ['CORRECTION_TECHNIQUE', /une correction technique est nécessaire d’abord\.$/],
    ['ARRET', /à vous de décider de la suite\.$/],
    ['CLASSE_REJET_UNSPECIFIED', /à vous de décider de la suite\.$/],
  ])('%s', (classe, ends) => {
    expect(rejectionText(event, motif(classe)).message).toMatch(ends);
  });

  test('of a payment with a commission asks for it to be clawed back', () => {
    const { message } = plain(rejectionText(event, motif('ARRET'), { montant: 1_875n, paymentId: 'p-1' }));
    expect(message).toMatch(
      /: la commission de 18,75 € est à reprendre, par commission\.CommissionService\/Reprendre/,
    );
    expect(message).toMatch(/ paymentId p-1\.$/);
    expect(rejectionText(event, motif('ARRET')).message).not.toContain('Reprendre');
  });
});
