import { paymentSample } from './payment.tsx';
import { rejection } from './rejection.tsx';

/** A debit that was presented again was rejected again, and there is an attempt left. */
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
