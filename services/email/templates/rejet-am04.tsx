import { paymentSample } from './payment.tsx';
import { rejection } from './rejection.tsx';

/** A debit was rejected for insufficient funds (AM04): what happens next. */
export const rejetAm04 = rejection({
  rejected: 'rejeté',
  says: ' a été rejeté par votre banque',
  why: ', faute de provision suffisante sur le compte',
  sample: {
    ...paymentSample,
    dateRejet: '2026-07-01',
    prochaineDate: '2026-07-06',
    nouvellePresentation: '',
  },
});
