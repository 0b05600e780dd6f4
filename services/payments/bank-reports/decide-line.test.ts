import { EtatRapporte, StatutPaiement } from '@crm/proto/payments/payments';
import type { PaymentRow } from '../to-payment.ts';
import { decideLine } from './decide-line.ts';

/** Returned on the 26th and collected again on the 28th: a credit cancelled the return. */
const restored = {
  ...{ statut: StatutPaiement.ENCAISSE, tentative: 1, sequence: 3 },
  dateReception: new Date('2026-11-28'),
} as PaymentRow;
const attempt = { tentative: 1, retournee: true, rejectedAt: new Date('2026-11-26') };
const returned = (day: string) => ({
  ...{ etat: EtatRapporte.TRANSACTION_RETOURNEE, motifRejet: 'AM04', motif: '' },
  survenuAt: new Date(day),
});

test('a return that another message dates a day later, and tells after it was taken back, changes nothing', () => {
  expect(decideLine(restored, attempt, returned('2026-11-27'))).toEqual({
    issue: 'INCONNU',
    motif: 'a return dated before the credit that took it back',
  });
});

test('what was restored is returned once more', () => {
  expect(decideLine(restored, attempt, returned('2026-11-30')).issue).toBe('REJETE');
});
