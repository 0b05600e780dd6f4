import { InvoiceCreatedEvent } from '@crm/proto/events/invoice_events';
import { PaymentReceivedEvent, PaymentRejectedEvent } from '@crm/proto/events/payment_events';
import type { ClasseRejet, MotifRejet } from '@crm/proto/referentiel/referentiel';
import { invoiceText, paymentText, rejectionText, type Text } from './finance-texts.ts';

const about = { facture: 'F-2026-0042', client: 'Le Fournil SARL' };
const plain = ({ titre, message }: Text) => ({ titre, message: message.replaceAll('\u00a0', ' ') });

test('an invoice: its amount and dates', () => {
  const event = InvoiceCreatedEvent.fromPartial({
    montant: 123_456n,
    dateFacture: '2026-05-15',
    dateEcheance: '2026-06-14',
  });
  expect(plain(invoiceText(event, about, '2026-05-15'))).toEqual({
    titre: 'Nouvelle facture',
    message:
      'Facture F-2026-0042 de 1 234,56 € du 15 mai 2026, à régler au plus tard le 14 juin 2026 (client Le Fournil SARL).',
  });
  expect(plain(invoiceText(event, about, '2026-06-15')).message).toContain(', échue le 14 juin 2026 (');
  expect(plain(invoiceText({ ...event, montant: 0n }, about, '2026-05-15')).message).toContain(
    'Facture F-2026-0042 de 0,00 € du 15 mai 2026, rien à régler (',
  );
});

test('a payment: its amount, the Paris day, and whether it pays an invoice', () => {
  const event = PaymentReceivedEvent.fromPartial({
    montant: 100n,
    dateReception: new Date('2026-03-31T22:30:00Z'),
  });
  expect(plain(paymentText(event, about)).message).toBe(
    'Encaissement de 1,00 € le 1er avril 2026 (facture F-2026-0042, client Le Fournil SARL).',
  );
  expect(plain(paymentText(event, { ...about, facture: '' })).message).toBe(
    'Encaissement de 1,00 € le 1er avril 2026 (sans facture, client Le Fournil SARL).',
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
    expect(plain(rejectionText(event, about, am04))).toEqual({
      titre: 'Paiement rejeté (AM04)',
      message:
        'Paiement de 750,00 € rejeté le 2 mars 2026, 2e présentation (facture F-2026-0042, client Le Fournil SARL). ' +
        'Motif AM04 : Provision insuffisante (nouvel essai). ' +
        'Il sera présenté de nouveau selon la politique de nouvelle présentation.',
    });
  });

  test.each<[ClasseRejet, RegExp]>([
    ['REESSAI_SUR_OPTION', /que si la politique de nouvelle présentation prévoit ce motif\.$/],
    ['NOUVELLES_COORDONNEES', /de nouvelles coordonnées bancaires, qui lui sont demandées\.$/],
    ['CORRECTION_TECHNIQUE', /une correction technique est nécessaire d’abord\.$/],
    ['ARRET', /à vous de décider de la suite\.$/],
    ['CLASSE_REJET_UNSPECIFIED', /à vous de décider de la suite\.$/],
  ])('%s', (classe, ends) => {
    expect(rejectionText(event, about, motif(classe)).message).toMatch(ends);
  });

  test('of which something stands in the way of the next debit says what, whatever its class', () => {
    for (const classe of ['REESSAI', 'REESSAI_SUR_OPTION', 'ARRET'] as const) {
      const { message } = plain(rejectionText(event, about, motif(classe), 'mandat révoqué'));
      expect(message).toMatch(/ Il ne sera pas présenté de nouveau : mandat révoqué\.$/);
    }
  });

  test('of a payment with a commission asks for it to be clawed back', () => {
    const { message } = plain(
      rejectionText(event, about, motif('ARRET'), '', { montant: 1_875n, paymentId: 'p-1' }),
    );
    expect(message).toMatch(
      /: la commission de 18,75 € est à reprendre, par commission\.CommissionService\/Reprendre/,
    );
    expect(message).toMatch(/ paymentId p-1\.$/);
    expect(rejectionText(event, about, motif('ARRET')).message).not.toContain('Reprendre');
  });
});
