import { debits } from '../messages/fr/debits.ts';
import { motifInWords } from './motif-in-words.ts';

const words = debits.prelevements.lignes.pourquoi;

test.each([
  ['', ''],
  [
    'no debit that was presented has one of its references',
    'Aucun prélèvement remis n’a une de ses références',
  ],
  ['another currency: CHF; told before', 'Une autre devise : CHF ; La banque l’a déjà dit'],
  [
    '3 lines are of this mandate and amount, and name no debit',
    '3 lignes ont ce mandat et ce montant, sans référence',
  ],
  ['line 12: something new', 'ligne 12 : something new'],
  ['something new', 'something new'],
])('%j is %j', (said, expected) => {
  expect(motifInWords(said, words)).toBe(expected);
});
