import { paymentSample } from './payment.tsx';
import { rejection } from './rejection.tsx';

/** A retry was rejected too, and another attempt is left. */
export const reessaiEchoue = rejection({
  rejected: 'de nouveau rejeté',
  says: ', présenté de nouveau à votre banque, a été rejeté',
  sample: {
    ...paymentSample,
    dateRejet: '2026-07-08',
    prochaineDate: '2026-07-13',
    nouvellePresentation: '',
    aujourdhui: '2026-07-08',
  },
});
